#include "include/group_norm.h"

#include <math.h>

#include "vector.h"

// scratch: sums and squares (two doubles a channel), then mean, factor and offset (three floats a channel), each padded
// to a multiple of 8 channels.
INLINE int64_t padded(int64_t channels) { return (channels + 7) / 8 * 8; }

int64_t plumb_group_norm_scratch_count(int64_t channels) { return 7 * padded(channels); }

/// Sum and sum of squares of 8 * vectors channels (of `part` when there are fewer than 8), over the pixels in order.
INLINE void channel_sums_of(
    const int vectors, int64_t part, int64_t pixels, int64_t channels, const float *source, double *sum, double *square) {
  d8 s[2] = {0.0, 0.0}, q[2] = {0.0, 0.0};
  for (int64_t p = 0; p < pixels; p++, source += channels) {
#pragma unroll
    for (int i = 0; i < vectors; i++) {
      d8 v = __builtin_convertvector(part >= 8 ? load8(source + 8 * i) : load_part(source, part), d8);
      s[i] += v;
      q[i] = __builtin_elementwise_fma(v, v, q[i]);
    }
  }
#pragma unroll
  for (int i = 0; i < vectors; i++) {
    memcpy(sum + 8 * i, &s[i], sizeof s[i]);
    memcpy(square + 8 * i, &q[i], sizeof q[i]);
  }
}

INLINE void channel_sums(int64_t pixels, int64_t channels, const float *source, double *sum, double *square) {
  int64_t c = 0;
  for (; c + 16 <= channels; c += 16) channel_sums_of(2, 16, pixels, channels, source + c, sum + c, square + c);
  for (; c + 8 <= channels; c += 8) channel_sums_of(1, 8, pixels, channels, source + c, sum + c, square + c);
  if (c < channels) channel_sums_of(1, channels - c, pixels, channels, source + c, sum + c, square + c);
}

/// y = (x - mean) * factor + offset, per channel; what rounding `mean` to float32 lost goes into the offset.
INLINE void coefficients(
    int64_t pixels, int64_t channels, int64_t groups, float epsilon, const double *sum, const double *square, const float *weight,
    const float *bias, const float *scale_shift, float *mean, float *factor, float *offset) {
  int64_t width = channels / groups;
  for (int64_t g = 0; g < groups; g++) {
    double s = 0, q = 0, n = (double)(pixels * width);
    for (int64_t c = g * width; c < (g + 1) * width; c++) {
      s += sum[c];
      q += square[c];
    }
    double center = s / n, variance = q / n - center * center;
    double inverse = 1.0 / sqrt((variance > 0 ? variance : 0) + (double)epsilon);
    float rounded = (float)center;
    double lost = (double)rounded - center;
    for (int64_t c = g * width; c < (g + 1) * width; c++) {
      double f = inverse * (double)weight[c], o = lost * f + (double)bias[c];
      if (scale_shift) {
        double scale = 1.0 + (double)scale_shift[c];
        f *= scale;
        o = o * scale + (double)scale_shift[channels + c];
      }
      mean[c] = rounded;
      factor[c] = (float)f;
      offset[c] = (float)o;
    }
  }
}

INLINE void apply(
    int64_t pixels, int64_t channels, const float *source, const float *mean, const float *factor, const float *offset, const int silu,
    float *destination) {
  for (int64_t p = 0; p < pixels; p++) {
    const float *x = source + p * channels;
    float *y = destination + p * channels;
    int64_t c = 0;
    for (; c + 8 <= channels; c += 8) {
      f8 v = fma8(load8(x + c) - load8(mean + c), load8(factor + c), load8(offset + c));
      store8(y + c, silu ? silu8(v) : v);
    }
    if (c < channels) {
      f8 v = fma8(load_part(x + c, channels - c) - load8(mean + c), load8(factor + c), load8(offset + c));
      store_part(y + c, silu ? silu8(v) : v, channels - c);
    }
  }
}

INLINE void plumb_group_norm_body(
    int64_t count, int64_t pixels, int64_t channels, int64_t groups, float epsilon, const float *source, const float *weight,
    const float *bias, const float *scale_shift, int64_t scale_shift_stride, int32_t silu, float *destination, float *scratch) {
  int64_t width = padded(channels);
  double *sum = (double *)(void *)scratch, *square = sum + width;
  float *mean = scratch + 4 * width, *factor = mean + width, *offset = factor + width;
  for (int64_t c = channels; c < width; c++) mean[c] = factor[c] = offset[c] = 0.0f;
  for (int64_t n = 0; n < count; n++) {
    const float *x = source + n * pixels * channels;
    float *y = destination + n * pixels * channels;
    channel_sums(pixels, channels, x, sum, square);
    coefficients(
        pixels, channels, groups, epsilon, sum, square, weight, bias, scale_shift ? scale_shift + n * scale_shift_stride : 0, mean,
        factor, offset);
    if (silu) apply(pixels, channels, x, mean, factor, offset, 1, y);
    else apply(pixels, channels, x, mean, factor, offset, 0, y);
  }
}

PLUMB_KERNEL(
    plumb_group_norm,
    (int64_t count, int64_t pixels, int64_t channels, int64_t groups, float epsilon, const float *source, const float *weight,
     const float *bias, const float *scale_shift, int64_t scale_shift_stride, int32_t silu, float *destination, float *scratch),
    (count, pixels, channels, groups, epsilon, source, weight, bias, scale_shift, scale_shift_stride, silu, destination, scratch))
