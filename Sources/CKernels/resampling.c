#include "include/resampling.h"

#include "vector.h"

INLINE void plumb_upsample_nearest_2x_body(
    int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y) {
  size_t bytes = (size_t)channels * sizeof(float);
  for (int64_t row = 0; row < count * height; row++) {
    float *first = y + row * 4 * width * channels;
    for (int64_t w = 0; w < width; w++) {
      memcpy(first + 2 * w * channels, x + (row * width + w) * channels, bytes);
      memcpy(first + (2 * w + 1) * channels, x + (row * width + w) * channels, bytes);
    }
    memcpy(first + 2 * width * channels, first, 2 * (size_t)width * bytes);
  }
}

INLINE float larger(float a, float b) { return a > b || a != a ? a : b; }

/// One pooled pixel from the four at `x`, `row` floats between rows.
INLINE void pool_pixel(int64_t channels, const float *x, int64_t row, const int average, float *y) {
  const float *a = x, *b = x + channels, *c = x + row, *d = c + channels;
  if (average) {
    for (int64_t i = 0; i < channels; i++) y[i] = ((a[i] + b[i]) + (c[i] + d[i])) * 0.25f;
  } else {
    for (int64_t i = 0; i < channels; i++) y[i] = larger(larger(a[i], b[i]), larger(c[i], d[i]));
  }
}

INLINE void pool(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, const int average, float *y) {
  int64_t row = width * channels;
  for (int64_t n = 0; n < count; n++)
    for (int64_t h = 0; h < height / 2; h++)
      for (int64_t w = 0; w < width / 2; w++, y += channels)
        pool_pixel(channels, x + (n * height + 2 * h) * row + 2 * w * channels, row, average, y);
}

INLINE void plumb_average_pool_2x2_body(
    int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y) {
  pool(count, height, width, channels, x, 1, y);
}

INLINE void plumb_max_pool_2x2_body(int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y) {
  pool(count, height, width, channels, x, 0, y);
}

INLINE void plumb_mean_of_pixels_body(
    int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y) {
  enum { WIDTH = 16 };
  int64_t pixels = height * width;
  for (int64_t n = 0; n < count; n++, x += pixels * channels, y += channels)
    for (int64_t first = 0; first < channels; first += WIDTH) {
      int64_t span = channels - first < WIDTH ? channels - first : WIDTH;
      double sums[WIDTH] = {0};
      for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = 0; c < span; c++) sums[c] += x[p * channels + first + c];
      for (int64_t c = 0; c < span; c++) y[first + c] = (float)(sums[c] / (double)pixels);
    }
}

#define PARAMETERS (int64_t count, int64_t height, int64_t width, int64_t channels, const float *x, float *y)
#define ARGUMENTS (count, height, width, channels, x, y)
PLUMB_KERNEL(plumb_upsample_nearest_2x, PARAMETERS, ARGUMENTS)
PLUMB_KERNEL(plumb_average_pool_2x2, PARAMETERS, ARGUMENTS)
PLUMB_KERNEL(plumb_mean_of_pixels, PARAMETERS, ARGUMENTS)
PLUMB_KERNEL(plumb_max_pool_2x2, PARAMETERS, ARGUMENTS)
