// Both directions come down to one sum: an output pixel is a weighted sum over a rectangle of input pixels. From one
// input pixel to the next the tap moves by 1 going down in resolution, by -2 going up.
#include "include/filter.h"

#include "vector.h"

/// The input pixels that reach an output pixel along one axis, and the tap of the first.
typedef struct {
  int64_t first, count, tap;
} reach;

INLINE int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
INLINE int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

INLINE reach reach_down(int64_t output, int64_t extent, int64_t length, int64_t padding) {
  int64_t begin = 2 * output - padding, first = larger(begin, 0), end = smaller(begin + length, extent);
  return (reach){.first = first, .count = end - first, .tap = first - begin};
}

INLINE reach reach_up(int64_t output, int64_t extent, int64_t length, int64_t padding) {
  int64_t place = output + padding, first = larger(place - length + 2, 0) / 2, last = smaller(place / 2, extent - 1);
  return (reach){.first = first, .count = last - first + 1, .tap = place - 2 * first};
}

INLINE void weigh(
    int64_t channels, int64_t rows, int64_t columns, const float *x, int64_t x_row, const float *tap, int64_t tap_row, int64_t tap_column,
    float factor, float *y) {
  for (int64_t c = 0; c < channels; c += 8) {
    int64_t left = channels - c;
    f8 sum = splat(0.0f);
    for (int64_t row = 0; row < rows; row++)
      for (int64_t column = 0; column < columns; column++) {
        const float *pixel = x + row * x_row + column * channels + c;
        f8 value = left >= 8 ? load8(pixel) : load_part(pixel, left);
        sum = fma8(value, splat(tap[row * tap_row + column * tap_column] * factor), sum);
      }
    if (left >= 8) store8(y + c, sum);
    else store_part(y + c, sum, left);
  }
}

INLINE void filter(const plumb_filter_shape *s, int64_t count, const float *x, const float *taps, const int up, float *y) {
  const int64_t row = s->width * s->channels, tap_step = up ? -2 : 1;
  for (int64_t n = 0; n < count; n++)
    for (int64_t oy = 0; oy < s->output_height; oy++) {
      reach v = up ? reach_up(oy, s->height, s->length, s->padding) : reach_down(oy, s->height, s->length, s->padding);
      for (int64_t ox = 0; ox < s->output_width; ox++, y += s->channels) {
        reach h = up ? reach_up(ox, s->width, s->length, s->padding) : reach_down(ox, s->width, s->length, s->padding);
        weigh(
            s->channels, v.count, h.count, x + (n * s->height + v.first) * row + h.first * s->channels, row,
            taps + v.tap * s->length + h.tap, tap_step * s->length, tap_step, up ? 4.0f : 1.0f, y);
      }
    }
}

INLINE void plumb_filter_down_body(const plumb_filter_shape *shape, int64_t count, const float *x, const float *taps, float *y) {
  filter(shape, count, x, taps, 0, y);
}

INLINE void plumb_filter_up_body(const plumb_filter_shape *shape, int64_t count, const float *x, const float *taps, float *y) {
  filter(shape, count, x, taps, 1, y);
}

#define PARAMETERS (const plumb_filter_shape *shape, int64_t count, const float *x, const float *taps, float *y)
#define ARGUMENTS (shape, count, x, taps, y)
PLUMB_KERNEL(plumb_filter_down, PARAMETERS, ARGUMENTS)
PLUMB_KERNEL(plumb_filter_up, PARAMETERS, ARGUMENTS)
