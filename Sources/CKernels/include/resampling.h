#pragma once
#include <stdint.h>

/// Every pixel of x: [count, height, width, channels] becomes a square of four of y: [count, 2 height, 2 width, channels].
void plumb_upsample_nearest_2x(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y);

/// Means of squares of four; y: [count, height / 2, width / 2, channels].
void plumb_average_pool_2x2(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y);

/// Means of all pixels; y: [count, 1, 1, channels]. Sums are float64, in the order of the pixels.
void plumb_mean_of_pixels(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y);

/// Maxima of squares of four; y: [count, height / 2, width / 2, channels]. NaN wins.
void plumb_max_pool_2x2(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y);
