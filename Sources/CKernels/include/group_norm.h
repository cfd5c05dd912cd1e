#pragma once
#include <stdint.h>

/// Floats of scratch for `channels` channels.
int64_t plumb_group_norm_scratch_count(int64_t channels);

/// source, destination: [count, pixels, channels]; weight, bias: [channels].
/// scale_shift: [count, 2 * channels], rows `scale_shift_stride` floats apart (0: one row for all), or NULL.
/// destination = silu?((normalised * weight + bias) * (1 + scale) + shift); `destination` may be `source`.
/// Mean and variance are summed in float64, so a nearly constant input keeps its digits.
void plumb_group_norm(
    int64_t count, int64_t pixels, int64_t channels, int64_t groups, float epsilon, const float *source, const float *weight,
    const float *bias, const float *scale_shift, int64_t scale_shift_stride, int32_t silu, float *destination, float *scratch);
