#pragma once
#include <stdint.h>

/// y = a * b on `count` rows of `length`, rows `a_stride` and `b_stride` floats apart (0: one row for all). `y` may be either
/// of those that have a row for each.
void plumb_multiply_rows(int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y);

/// x, y: [count, pixels, channels]; y = x * v, v: [count, channels] with rows `stride` floats apart. `y` may be `x`.
void plumb_multiply_vector(int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y);
