#pragma once
#include <stdint.h>

/// x, y: [rows, channels]; weight, bias: [channels], or NULL for ones and zeros.
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, mean and biased variance of every row, summed in float64.
/// `y` may be `x`.
void plumb_layer_norm(int64_t rows, int64_t channels, float epsilon, const float *x, const float *weight, const float *bias, float *y);
