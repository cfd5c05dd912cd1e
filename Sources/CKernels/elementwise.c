#include "include/elementwise.h"

#include "vector.h"

INLINE f8 relu8(f8 x) { return select8(x < 0.0f, splat(0.0f), x); }

INLINE void plumb_silu_body(int64_t length, const float *x, float *y) { PLUMB_MAP(silu8) }
INLINE void plumb_relu_body(int64_t length, const float *x, float *y) { PLUMB_MAP(relu8) }
INLINE void plumb_exp_body(int64_t length, const float *x, float *y) { PLUMB_MAP(exp8) }

INLINE void add_row(int64_t length, const float *a, const float *b, float *y) {
  for (int64_t i = 0; i < length; i++) y[i] = a[i] + b[i];
}

INLINE void plumb_add_rows_body(
    int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y) {
  for (int64_t n = 0; n < count; n++) add_row(length, a + n * a_stride, b + n * b_stride, y + n * length);
}

INLINE void plumb_add_vector_body(
    int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y) {
  for (int64_t n = 0; n < count; n++)
    for (int64_t p = 0; p < pixels; p++)
      add_row(channels, x + (n * pixels + p) * channels, v + n * stride, y + (n * pixels + p) * channels);
}

INLINE void modulate_row(int64_t channels, const float *x, const float *scale, const float *shift, float *y) {
  int64_t c = 0;
  for (; c + 8 <= channels; c += 8) store8(y + c, fma8(load8(x + c), 1.0f + load8(scale + c), load8(shift + c)));
  int64_t left = channels - c;
  if (left > 0)
    store_part(y + c, fma8(load_part(x + c, left), 1.0f + load_part(scale + c, left), load_part(shift + c, left)), left);
}

INLINE void plumb_modulate_body(
    int64_t count, int64_t pixels, int64_t channels, const float *x, const float *scale_shift, int64_t stride, float *y) {
  for (int64_t n = 0; n < count; n++) {
    const float *row = scale_shift + n * stride;
    for (int64_t p = n * pixels; p < (n + 1) * pixels; p++) modulate_row(channels, x + p * channels, row, row + channels, y + p * channels);
  }
}

PLUMB_KERNEL(plumb_silu, (int64_t length, const float *x, float *y), (length, x, y))
PLUMB_KERNEL(plumb_relu, (int64_t length, const float *x, float *y), (length, x, y))
PLUMB_KERNEL(plumb_exp, (int64_t length, const float *x, float *y), (length, x, y))
PLUMB_KERNEL(
    plumb_add_rows,
    (int64_t count, int64_t length, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *y),
    (count, length, a, a_stride, b, b_stride, y))
PLUMB_KERNEL(
    plumb_add_vector,
    (int64_t count, int64_t pixels, int64_t channels, const float *x, const float *v, int64_t stride, float *y),
    (count, pixels, channels, x, v, stride, y))
PLUMB_KERNEL(
    plumb_modulate,
    (int64_t count, int64_t pixels, int64_t channels, const float *x, const float *scale_shift, int64_t stride, float *y),
    (count, pixels, channels, x, scale_shift, stride, y))
