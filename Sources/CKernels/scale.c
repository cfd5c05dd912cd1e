#include "include/scale.h"

#include "vector.h"

INLINE void plumb_scale_body(int64_t length, const float *x, float factor, float *y) {
  for (int64_t i = 0; i < length; i++) y[i] = x[i] * factor;
}

PLUMB_KERNEL(plumb_scale, (int64_t length, const float *x, float factor, float *y), (length, x, factor, y))
