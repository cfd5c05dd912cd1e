#include "include/deinterleave.h"

void plumb_deinterleave(int64_t rows, int64_t width, int64_t parts, const float *x, float *y) {
  for (int64_t row = 0; row < rows; row++, x += width * parts)
    for (int64_t part = 0; part < parts; part++)
      for (int64_t c = 0; c < width; c++) *y++ = x[c * parts + part];
}
