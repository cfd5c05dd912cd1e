// One head of attention: six queries at a time, their scores against all keys, softmax, then the weighted sum of the
// values. Keys (transposed) and values are packed into panels of 16 columns, once per head, so that both products read
// memory in a row. Never more than six rows of scores are held, whatever the number of tokens.
#pragma once
#include <math.h>

#include "tile.h"

/// Tokens of the two sequences, channels of a head, and floats from a token to the next.
typedef struct {
  int64_t queries, keys, width;
  int64_t query_stride, key_stride, value_stride, destination_stride;
  float operand_scale;  // of queries and of keys
  float score_scale;    // of their products
} attention_extents;

INLINE int64_t padded_columns(int64_t n) { return (n + tile_width - 1) / tile_width * tile_width; }

// keys: [key panels][width][16]; values: [channel panels][keys][16]; queries: [6][width]; scores: [6][padded keys]
INLINE int64_t attention_scratch(int64_t keys, int64_t width) {
  return padded_columns(keys) * (width + tile_rows) + keys * padded_columns(width) + tile_rows * padded_columns(width);
}

INLINE void pack_keys(const attention_extents *s, const float *key, float *keys) {
  const int64_t token_stride = s->key_stride;
  const float scale = s->operand_scale;
  for (int64_t panel = 0; panel < s->keys; panel += tile_width) {
    const int64_t lanes = s->keys - panel < tile_width ? s->keys - panel : tile_width;
    const float *first = key + panel * token_stride;
    for (int64_t c = 0; c < s->width; c++, keys += tile_width) {
      float column[tile_width] = {0};
      if (lanes == tile_width) {
#pragma unroll
        for (int lane = 0; lane < tile_width; lane++) column[lane] = first[lane * token_stride + c] * scale;
      } else {
        for (int64_t lane = 0; lane < lanes; lane++) column[lane] = first[lane * token_stride + c] * scale;
      }
      memcpy(keys, column, sizeof column);
    }
  }
}

INLINE void pack_values(const attention_extents *s, const float *value, float *values) {
  for (int64_t panel = 0; panel < s->width; panel += tile_width) {
    const int64_t lanes = s->width - panel < tile_width ? s->width - panel : tile_width;
    for (int64_t t = 0; t < s->keys; t++, values += tile_width) {
      float row[tile_width] = {0};
      if (lanes == tile_width) memcpy(row, value + t * s->value_stride + panel, sizeof row);
      else memcpy(row, value + t * s->value_stride + panel, (size_t)lanes * sizeof(float));
      memcpy(values, row, sizeof row);
    }
  }
}

/// The product of `rows` rows of `a` with a panel, times `factor` of the row, into `lanes` columns of `c`.
INLINE void product_tile(
    const int rows, const int vectors, const float *a, int64_t a_stride, const float *b, int64_t depth, float *c, int64_t c_stride, int64_t lanes, const float *factor) {
  f8 acc[tile_rows][2];
  const float *row[tile_rows];
#pragma unroll
  for (int r = 0; r < rows; r++) {
    acc[r][0] = acc[r][1] = splat(0.0f);
    row[r] = a + r * a_stride;
  }
  tile_accumulate(acc, rows, vectors, row, b, tile_width, depth);
#pragma unroll
  for (int r = 0; r < rows; r++) {
#pragma unroll
    for (int v = 0; v < vectors; v++) {
      f8 y = factor ? acc[r][v] * factor[r] : acc[r][v];
      int64_t left = lanes - 8 * v;
      if (left >= 8) store8(c + r * c_stride + 8 * v, y);
      else if (left > 0) store_part(c + r * c_stride + 8 * v, y, left);
    }
  }
}

/// Turns a row of scores into exp(score - max), with zeros from `tokens` to `columns`; gives 1 / their sum.
INLINE float exponentials(float *score, int64_t tokens, int64_t columns) {
  for (int64_t t = tokens; t < columns; t++) score[t] = -INFINITY;
  f8 most = load8(score);
  for (int64_t t = 8; t < columns; t += 8) {
    f8 x = load8(score + t);
    most = select8(x > most, x, most);
  }
  float max = most[0];
  for (int i = 1; i < 8; i++) max = most[i] > max ? most[i] : max;
  f8 sum = splat(0.0f);
  for (int64_t t = 0; t < columns; t += 8) {
    f8 e = exp8(load8(score + t) - max);
    store8(score + t, e);
    sum += e;
  }
  return 1.0f / sum8(sum);
}

INLINE void attend_head(
    const attention_extents *s, const float *query, const float *key, const float *value, float *destination, float *scratch) {
  const int64_t columns = padded_columns(s->keys), width = padded_columns(s->width);
  float *keys = scratch, *values = keys + s->width * columns, *queries = values + s->keys * width;
  float *scores = queries + tile_rows * width;
  float score_factor[tile_rows];
  for (int r = 0; r < tile_rows; r++) score_factor[r] = s->score_scale;
  const float *factor = s->score_scale == 1.0f ? 0 : score_factor;
  pack_keys(s, key, keys);
  pack_values(s, value, values);
  for (int64_t t = 0; t < s->queries; t += tile_rows) {
    int64_t rows = s->queries - t < tile_rows ? s->queries - t : tile_rows;
    for (int64_t r = 0; r < rows; r++)
      for (int64_t c = 0; c < s->width; c++) queries[r * width + c] = query[(t + r) * s->query_stride + c] * s->operand_scale;
    for (int64_t column = 0; column < columns; column += tile_width) {
#define BODY(ROWS, VECTORS) \
  product_tile(             \
      ROWS, VECTORS, queries, width, keys + column * s->width, s->width, scores + column, columns, tile_width, factor)
      TILE_DISPATCH(rows, s->keys - column > 8, BODY)
#undef BODY
    }
    float inverse[tile_rows];
    for (int64_t r = 0; r < rows; r++) inverse[r] = exponentials(scores + r * columns, s->keys, columns);
    for (int64_t column = 0; column < s->width; column += tile_width) {
      float *out = destination + t * s->destination_stride + column;
#define BODY(ROWS, VECTORS) \
  product_tile(             \
      ROWS, VECTORS, scores, columns, values + column * s->keys, s->keys, out, s->destination_stride, s->width - column, inverse)
      TILE_DISPATCH(rows, s->width - column > 8, BODY)
#undef BODY
    }
  }
}
