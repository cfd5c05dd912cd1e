#include "include/multiply.h"

#include "vector.h"

INLINE void multiply(int64_t length, const float *a, const float *b, float *y) {
  for (int64_t i = 0; i < length; i++) y[i] = a[i] * b[i];
}

INLINE void plumb_multiply_rows_body(
    int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y) {
  for (int64_t n = 0; n < count; n++) multiply(length, a + n * a_stride, b + n * b_stride, y + n * length);
}

INLINE void plumb_multiply_vector_body(
    int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y) {
  for (int64_t n = 0; n < count; n++)
    for (int64_t p = n * pixels; p < (n + 1) * pixels; p++) multiply(channels, x + p * channels, v + n * stride, y + p * channels);
}

PLUMB_KERNEL(
    plumb_multiply_rows,
    (int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y),
    (count, length, a, a_stride, b, b_stride, y))
PLUMB_KERNEL(
    plumb_multiply_vector,
    (int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y),
    (count, pixels, channels, x, v, stride, y))
