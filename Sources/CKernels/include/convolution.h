#pragma once
#include <stdint.h>

/// Extents of one sample. A linear layer is the case where everything but the channels is 1.
typedef struct {
  int64_t height, width, channels;
  int64_t output_height, output_width, output_channels;
  int64_t kernel_height, kernel_width;  // at most 64 taps
  int64_t stride, padding;
} plumb_convolution_shape;

/// Floats of the packed weights, bias and a row of zeros.
int64_t plumb_convolution_packed_count(const plumb_convolution_shape *shape);

/// weight: [output_channels, channels, kernel_height, kernel_width]; bias: [output_channels] or NULL.
/// packed: [ceil(output_channels / 16)][taps][channels][16], then the bias padded to 16, then `channels` zeros.
void plumb_convolution_pack(const plumb_convolution_shape *shape, const float *weight, const float *bias, float *packed);

/// source: [count, height, width, channels]; destination and residual (or NULL): [count, oh, ow, output_channels].
/// destination = convolution + bias + residual, summed over taps, then channels. `residual` may be `destination`.
/// Taps that fall on the padding are left out where possible; that leaves every bit as it is.
void plumb_convolution(
    const plumb_convolution_shape *shape, int64_t count, const float *source, const float *packed, const float *residual,
    float *destination);
