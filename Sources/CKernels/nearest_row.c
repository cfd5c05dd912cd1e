#include "include/nearest_row.h"

#include <math.h>
#include <string.h>

void plumb_nearest_row(
    int64_t rows, int64_t width, int64_t entries, const float *x, const float *table, float *chosen, float *indices) {
  for (int64_t row = 0; row < rows; row++, x += width) {
    int64_t nearest = 0;
    float least = INFINITY;
    for (int64_t entry = 0; entry < entries; entry++) {
      const float *candidate = table + entry * width;
      float distance = 0.0f;
      for (int64_t c = 0; c < width; c++) {
        float difference = x[c] - candidate[c];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        nearest = entry;
      }
    }
    if (chosen) memcpy(chosen + row * width, table + nearest * width, (size_t)width * sizeof(float));
    if (indices) indices[row] = (float)nearest;
  }
}
