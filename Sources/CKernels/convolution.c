// Direct convolution as a matrix product whose left side is gathered from the picture tap by tap: no im2col buffer.
//
// A tile is 6 output pixels by 16 output channels. In small pictures a tile runs over the samples of the batch at one
// place, so that all its rows have the same taps on the padding and these cost nothing.
#include "include/convolution.h"

#include "tile.h"

enum { tap_limit = 64, block_rows = 96, small_picture = 64 };

/// An output pixel: where its kernel window begins, which taps lie within the picture, where it is written.
typedef struct {
  int64_t source, destination;
  uint64_t taps;
} pixel_row;

INLINE int64_t blocks_of(int64_t channels) { return (channels + tile_width - 1) / tile_width; }

int64_t plumb_convolution_packed_count(const plumb_convolution_shape *s) {
  int64_t depth = s->kernel_height * s->kernel_width * s->channels;
  return blocks_of(s->output_channels) * tile_width * (depth + 1) + s->channels;
}

void plumb_convolution_pack(const plumb_convolution_shape *s, const float *weight, const float *bias, float *packed) {
  int64_t taps = s->kernel_height * s->kernel_width, blocks = blocks_of(s->output_channels);
  for (int64_t block = 0; block < blocks; block++)
    for (int64_t tap = 0; tap < taps; tap++)
      for (int64_t c = 0; c < s->channels; c++)
        for (int64_t lane = 0; lane < tile_width; lane++) {
          int64_t o = block * tile_width + lane;
          *packed++ = o < s->output_channels ? weight[(o * s->channels + c) * taps + tap] : 0.0f;
        }
  for (int64_t o = 0; o < blocks * tile_width; o++) *packed++ = bias && o < s->output_channels ? bias[o] : 0.0f;
  for (int64_t c = 0; c < s->channels; c++) *packed++ = 0.0f;
}

INLINE pixel_row describe(const plumb_convolution_shape *s, int64_t n, int64_t oy, int64_t ox) {
  int64_t iy = oy * s->stride - s->padding, ix = ox * s->stride - s->padding;
  uint64_t columns = 0, taps = 0;
  for (int64_t kx = 0; kx < s->kernel_width; kx++)
    if (ix + kx >= 0 && ix + kx < s->width) columns |= (uint64_t)1 << kx;
  for (int64_t ky = 0; ky < s->kernel_height; ky++)
    if (iy + ky >= 0 && iy + ky < s->height) taps |= columns << (ky * s->kernel_width);
  return (pixel_row){
      .source = ((n * s->height + iy) * s->width + ix) * s->channels,
      .destination = ((n * s->output_height + oy) * s->output_width + ox) * s->output_channels,
      .taps = taps,
  };
}

/// 16 (or the first 8) output channels of `rows` pixels. `lanes` of them are stored.
INLINE void convolve_tile(
    const int rows, const int vectors, const pixel_row *row, const int64_t *tap_offset, int64_t taps, int64_t channels,
    const float *source, const float *zeros, const float *weights, const float *bias, const float *residual, float *destination,
    int64_t lanes) {
  f8 acc[tile_rows][2];
#pragma unroll
  for (int r = 0; r < rows; r++) acc[r][0] = acc[r][1] = splat(0.0f);
  uint64_t any = 0;
#pragma unroll
  for (int r = 0; r < rows; r++) any |= row[r].taps;
  for (int64_t tap = 0; tap < taps; tap++) {
    if (!(any >> tap & 1)) continue;
    const float *a[tile_rows];
#pragma unroll
    for (int r = 0; r < rows; r++) a[r] = row[r].taps >> tap & 1 ? source + (row[r].source + tap_offset[tap]) : zeros;
    tile_accumulate(acc, rows, vectors, a, weights + tap * channels * tile_width, tile_width, channels);
  }
#pragma unroll
  for (int r = 0; r < rows; r++) {
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      int64_t left = lanes - 8 * v, at = row[r].destination + 8 * v;
      // Adding zero makes one zero of two: a skipped tap and a tap times zero then agree to the bit.
      f8 y = (acc[r][v] + 0.0f) + load8(bias + 8 * v);
      if (left >= 8) {
        store8(destination + at, residual ? load8(residual + at) + y : y);
      } else if (left > 0) {
        store_part(destination + at, residual ? load_part(residual + at, left) + y : y, left);
      }
    }
  }
}

INLINE void plumb_convolution_body(
    const plumb_convolution_shape *s, int64_t count, const float *source, const float *packed, const float *residual,
    float *destination) {
  const int64_t taps = s->kernel_height * s->kernel_width, depth = taps * s->channels;
  const int64_t blocks = blocks_of(s->output_channels), pixels = s->output_height * s->output_width;
  const float *bias = packed + blocks * tile_width * depth, *zeros = bias + blocks * tile_width;
  const int samples_first = pixels <= small_picture && count > 1;
  int64_t tap_offset[tap_limit];
  for (int64_t tap = 0; tap < taps; tap++)
    tap_offset[tap] = (tap / s->kernel_width * s->width + tap % s->kernel_width) * s->channels;
  pixel_row rows[block_rows];
  int64_t n = 0, oy = 0, ox = 0;
  for (int64_t start = 0; start < count * pixels; start += block_rows) {
    int64_t filled = count * pixels - start < block_rows ? count * pixels - start : block_rows;
    for (int64_t i = 0; i < filled; i++) {
      rows[i] = describe(s, n, oy, ox);
      // Counted up, as a division costs as much as half a tile.
      if (samples_first && ++n < count) continue;
      if (samples_first) n = 0;
      if (++ox < s->output_width) continue;
      ox = 0;
      if (++oy < s->output_height) continue;
      oy = 0;
      n++;
    }
    for (int64_t block = 0; block < blocks; block++) {
      int64_t lanes = s->output_channels - block * tile_width;
      const float *w = packed + block * tile_width * depth, *b = bias + block * tile_width;
      const float *add = residual ? residual + block * tile_width : 0;
      float *out = destination + block * tile_width;
      for (int64_t i = 0; i < filled; i += tile_rows) {
        int64_t height = filled - i < tile_rows ? filled - i : tile_rows;
#define BODY(ROWS, VECTORS) \
  convolve_tile(ROWS, VECTORS, rows + i, tap_offset, taps, s->channels, source, zeros, w, b, add, out, lanes)
        TILE_DISPATCH(height, lanes > 8, BODY)
#undef BODY
      }
    }
  }
}

PLUMB_KERNEL(
    plumb_convolution,
    (const plumb_convolution_shape *shape, int64_t count, const float *source, const float *packed, const float *residual,
     float *destination),
    (shape, count, source, packed, residual, destination))
