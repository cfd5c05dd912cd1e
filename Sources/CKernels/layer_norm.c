#include "include/layer_norm.h"

#include <math.h>

#include "vector.h"

INLINE double sum8d(d8 v) { return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])); }

/// Sum of x - center, or of its square.
INLINE double row_sum(int64_t channels, const float *x, double center, const int squared) {
  d8 sum = 0.0;
  int64_t c = 0;
  for (; c + 8 <= channels; c += 8) {
    d8 v = __builtin_convertvector(load8(x + c), d8) - center;
    sum = squared ? __builtin_elementwise_fma(v, v, sum) : sum + v;
  }
  double total = sum8d(sum);
  for (; c < channels; c++) {
    double v = (double)x[c] - center;
    total += squared ? v * v : v;
  }
  return total;
}

INLINE void plumb_layer_norm_body(
    int64_t rows, int64_t channels, float epsilon, const float *x, const float *weight, const float *bias, float *y) {
  for (int64_t row = 0; row < rows; row++, x += channels, y += channels) {
    double mean = row_sum(channels, x, 0.0, 0) / (double)channels;
    double variance = row_sum(channels, x, mean, 1) / (double)channels;
    double factor = 1.0 / sqrt(variance + (double)epsilon);
    for (int64_t c = 0; c < channels; c++) {
      double v = ((double)x[c] - mean) * factor;
      if (weight) v *= (double)weight[c];
      if (bias) v += (double)bias[c];
      y[c] = (float)v;
    }
  }
}

PLUMB_KERNEL(
    plumb_layer_norm,
    (int64_t rows, int64_t channels, float epsilon, const float *x, const float *weight, const float *bias, float *y),
    (rows, channels, epsilon, x, weight, bias, y))
