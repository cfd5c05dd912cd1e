#include "include/gelu.h"

#include "vector.h"

/// erf(x), within 4e-7: beyond 4 it is 1 in float32; within, x P(x^2) / Q(x^2) with the minimax coefficients that Eigen and
/// XLA use.
INLINE f8 erf8(f8 x) {
  x = select8(x < -4.0f, splat(-4.0f), x);
  x = select8(x > 4.0f, splat(4.0f), x);
  f8 square = x * x;
  f8 p = splat(-2.72614225801306e-10f);
  p = fma8(p, square, splat(2.77068142495902e-08f));
  p = fma8(p, square, splat(-2.10102402082508e-06f));
  p = fma8(p, square, splat(-5.69250639462346e-05f));
  p = fma8(p, square, splat(-7.34990630326855e-04f));
  p = fma8(p, square, splat(-2.95459980854025e-03f));
  p = fma8(p, square, splat(-1.60960333262415e-02f));
  f8 q = splat(-1.45660718464996e-05f);
  q = fma8(q, square, splat(-2.13374055278905e-04f));
  q = fma8(q, square, splat(-1.68282697438203e-03f));
  q = fma8(q, square, splat(-7.37332916720468e-03f));
  q = fma8(q, square, splat(-1.42647390514189e-02f));
  return x * p / q;
}

INLINE f8 gelu8(f8 x) { return 0.5f * x * (1.0f + erf8(x * 0.70710678118654752f)); }

/// x / 2 (1 + tanh(u)) is x times the sigmoid of 2 u, which cancels nothing.
INLINE f8 gelu_tanh8(f8 x) {
  f8 u = 0.79788456080286536f * fma8(0.044715f * x * x, x, x);
  return x / (1.0f + exp8(-2.0f * u));
}

INLINE void plumb_gelu_body(int64_t length, const float *x, float *y) { PLUMB_MAP(gelu8) }
INLINE void plumb_gelu_tanh_body(int64_t length, const float *x, float *y) { PLUMB_MAP(gelu_tanh8) }

PLUMB_KERNEL(plumb_gelu, (int64_t length, const float *x, float *y), (length, x, y))
PLUMB_KERNEL(plumb_gelu_tanh, (int64_t length, const float *x, float *y), (length, x, y))
