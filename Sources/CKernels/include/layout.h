#pragma once
#include <stdint.h>

/// x: [count, channels, pixels] to y: [count, pixels, channels].
void plumb_channels_last(int64_t count, int64_t channels, int64_t pixels, const float *x, float *y);

/// x: [count, pixels, channels] to y: [count, channels, pixels]; samples of x lie `stride` floats apart (0: one for all).
void plumb_channels_first(int64_t count, int64_t channels, int64_t pixels, const float *x, int64_t stride, float *y);

/// a: [rows, a_channels] and b: [rows, b_channels] to y: [rows, a_channels + b_channels].
void plumb_concatenate(int64_t rows, int64_t a_channels, const float *a, int64_t b_channels, const float *b, float *y);
