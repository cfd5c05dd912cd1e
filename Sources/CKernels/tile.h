// The register block all matrix products are made of: up to 6 rows by 16 columns.
#pragma once
#include "vector.h"

enum { tile_rows = 6, tile_width = 16 };

/// acc[r] += a[r][k] * b[k], k = 0, 1, ... in this order; b[k] is a row of 16 floats, `stride` apart, of which the
/// first 8 * vectors are used.
INLINE void tile_accumulate(
    f8 acc[tile_rows][2], const int rows, const int vectors, const float *const a[tile_rows], const float *b, int64_t stride,
    int64_t depth) {
  for (int64_t k = 0; k < depth; k++, b += stride) {
    f8 b0 = load8(b);
    f8 b1 = vectors > 1 ? load8(b + 8) : b0;
#pragma unroll
    for (int r = 0; r < rows; r++) {
      f8 x = splat(a[r][k]);
      acc[r][0] = fma8(x, b0, acc[r][0]);
      if (vectors > 1) acc[r][1] = fma8(x, b1, acc[r][1]);
    }
  }
}

/// Calls BODY(rows, vectors) with constants, so that accumulators stay in registers.
#define TILE_DISPATCH(rows, wide, BODY)  \
  if (wide) {                            \
    switch (rows) {                      \
      case 6: BODY(6, 2); break;         \
      case 5: BODY(5, 2); break;         \
      case 4: BODY(4, 2); break;         \
      case 3: BODY(3, 2); break;         \
      case 2: BODY(2, 2); break;         \
      default: BODY(1, 2); break;        \
    }                                    \
  } else {                               \
    switch (rows) {                      \
      case 6: BODY(6, 1); break;         \
      case 5: BODY(5, 1); break;         \
      case 4: BODY(4, 1); break;         \
      case 3: BODY(3, 1); break;         \
      case 2: BODY(2, 1); break;         \
      default: BODY(1, 1); break;        \
    }                                    \
  }
