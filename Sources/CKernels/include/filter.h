#pragma once
#include <stdint.h>

/// Extents of one sample, and of a square filter that every channel goes through.
typedef struct {
  int64_t height, width, channels;
  int64_t output_height, output_width;
  int64_t length, padding;
} plumb_filter_shape;

/// Convolution by taps [length, length] with stride 2; x: [count, height, width, channels].
void plumb_filter_down(const plumb_filter_shape *shape, int64_t count, const float *x, const float *taps, float *y);

/// Transposed convolution by 4 * taps with stride 2: each pixel of x is spread over the square of taps around its place.
void plumb_filter_up(const plumb_filter_shape *shape, int64_t count, const float *x, const float *taps, float *y);
