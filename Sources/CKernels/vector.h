// Eight floats at a time, and the functions every kernel shares. Bodies are written once as inlined functions and
// instantiated for each instruction set by PLUMB_KERNEL.
#pragma once
#include <stdint.h>
#include <string.h>

#include "include/instruction_set.h"

#pragma clang diagnostic ignored "-Wpsabi"

typedef float f8 __attribute__((ext_vector_type(8)));
typedef int32_t i8 __attribute__((ext_vector_type(8)));
typedef double d8 __attribute__((ext_vector_type(8)));

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define PLUMB_TARGET_AVX2 __attribute__((target("avx2,fma")))
#else
#define PLUMB_TARGET_AVX2
#endif

/// Defines `void NAME PARAMETERS`, which calls `NAME_body ARGUMENTS` compiled for the instruction set in use.
#define PLUMB_KERNEL(NAME, PARAMETERS, ARGUMENTS)                                     \
  PLUMB_TARGET_AVX2 static void NAME##_avx2 PARAMETERS { NAME##_body ARGUMENTS; }     \
  static void NAME##_portable PARAMETERS { NAME##_body ARGUMENTS; }                   \
  void NAME PARAMETERS {                                                              \
    if (plumb_kernels_instruction_set() == plumb_avx2) NAME##_avx2 ARGUMENTS;         \
    else NAME##_portable ARGUMENTS;                                                   \
  }

INLINE f8 load8(const float *p) {
  f8 v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store8(float *p, f8 v) { memcpy(p, &v, sizeof v); }

/// The first `n < 8` floats, the rest zero.
INLINE f8 load_part(const float *p, int64_t n) {
  float lane[8] = {0};
  for (int64_t i = 0; i < n; i++) lane[i] = p[i];
  return load8(lane);
}

INLINE void store_part(float *p, f8 v, int64_t n) {
  float lane[8];
  store8(lane, v);
  for (int64_t i = 0; i < n; i++) p[i] = lane[i];
}

INLINE f8 splat(float x) { return (f8)x; }

INLINE f8 fma8(f8 a, f8 b, f8 c) { return __builtin_elementwise_fma(a, b, c); }

/// `mask ? a : b`, lane by lane; `mask` comes from a comparison.
INLINE f8 select8(i8 mask, f8 a, f8 b) {
  i8 x, y;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  i8 z = (mask & x) | (~mask & y);
  f8 r;
  memcpy(&r, &z, sizeof r);
  return r;
}

/// exp(x), within about one unit in the last place for -87 <= x <= 88; from 88.4 on infinity, below -87 about 1e-38
/// (neither a softmax nor a sigmoid can tell that from zero, and no number is subnormal); NaN for NaN.
/// Reduction to |r| <= ln(2)/2, then the polynomial of Cephes' expf (Moshier 1989) in fused multiply-adds.
INLINE f8 exp8(f8 x) {
  x = select8(x < -87.0f, splat(-87.0f), x);
  x = select8(x > 89.0f, splat(89.0f), x);
  const f8 magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, kept in the low bits
  f8 rounded = fma8(x, splat(1.44269504088896341f), magic);
  f8 whole = rounded - magic;
  f8 r = fma8(whole, splat(-0.693359375f), x);
  r = fma8(whole, splat(2.12194440e-4f), r);
  f8 p = splat(1.9875691500e-4f);
  p = fma8(p, r, splat(1.3981999507e-3f));
  p = fma8(p, r, splat(8.3334519073e-3f));
  p = fma8(p, r, splat(4.1665795894e-2f));
  p = fma8(p, r, splat(1.6666665459e-1f));
  p = fma8(p, r, splat(5.0000001201e-1f));
  p = fma8(p, r * r, r) + 1.0f;
  i8 bits;
  memcpy(&bits, &rounded, sizeof bits);
  bits = (bits << 23) + 0x3F800000;  // 2^n; infinity for n = 128
  f8 scale;
  memcpy(&scale, &bits, sizeof scale);
  return p * scale;
}

/// x / (1 + exp(-x)).
INLINE f8 silu8(f8 x) { return x / (1.0f + exp8(-x)); }

/// y = F(x) on `length` floats, eight at a time, then the rest padded.
#define PLUMB_MAP(F)                                              \
  int64_t i = 0;                                                  \
  for (; i + 8 <= length; i += 8) store8(y + i, F(load8(x + i))); \
  if (i < length) store_part(y + i, F(load_part(x + i, length - i)), length - i);

/// The sum of the lanes, always in this order.
INLINE float sum8(f8 v) { return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])); }
