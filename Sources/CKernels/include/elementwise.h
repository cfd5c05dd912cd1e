#pragma once
#include <stdint.h>

/// y = x / (1 + exp(-x)). In place is fine.
void plumb_silu(int64_t length, const float *x, float *y);

/// y = max(x, 0); NaN stays.
void plumb_relu(int64_t length, const float *x, float *y);

/// y = a + b on `count` rows of `length`, rows `a_stride` and `b_stride` floats apart (0: one row for all). `y` may be either.
void plumb_add_rows(int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y);

/// x, y: [count, pixels, channels]; y = x + v, v: [count, channels] with rows `stride` floats apart.
void plumb_add_vector(int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y);

/// x, y: [count, pixels, channels]; y = x * (1 + scale) + shift, both in rows of [2 * channels] `stride` floats apart.
void plumb_modulate(
    int64_t count, int64_t pixels, int64_t channels, const float *x, const float *scale_shift, int64_t stride, float *y);

/// y = exp(x), as the kernels compute it.
void plumb_exp(int64_t length, const float *x, float *y);
