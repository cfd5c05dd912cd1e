#include "include/layout.h"

#include <string.h>

void plumb_channels_last(int64_t count, int64_t channels, int64_t pixels, const float *x, float *y) {
  for (int64_t n = 0; n < count; n++, x += channels * pixels)
    for (int64_t p = 0; p < pixels; p++)
      for (int64_t c = 0; c < channels; c++) *y++ = x[c * pixels + p];
}

void plumb_channels_first(int64_t count, int64_t channels, int64_t pixels, const float *x, int64_t stride, float *y) {
  for (int64_t n = 0; n < count; n++, x += stride)
    for (int64_t c = 0; c < channels; c++)
      for (int64_t p = 0; p < pixels; p++) *y++ = x[p * channels + c];
}

void plumb_concatenate(int64_t rows, int64_t a_channels, const float *a, int64_t b_channels, const float *b, float *y) {
  for (int64_t row = 0; row < rows; row++) {
    memcpy(y, a, (size_t)a_channels * sizeof(float));
    memcpy(y + a_channels, b, (size_t)b_channels * sizeof(float));
    a += a_channels;
    b += b_channels;
    y += a_channels + b_channels;
  }
}
