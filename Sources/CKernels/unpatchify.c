#include "include/unpatchify.h"

#include <string.h>

void plumb_unpatchify(int64_t rows, int64_t width, int64_t patch, int64_t channels, const float *x, float *y) {
  const int64_t run = patch * channels;
  for (int64_t row = 0; row < rows; row++, x += width * patch * run)
    for (int64_t line = 0; line < patch; line++)
      for (int64_t place = 0; place < width; place++, y += run) memcpy(y, x + (place * patch + line) * run, (size_t)run * sizeof(float));
}
