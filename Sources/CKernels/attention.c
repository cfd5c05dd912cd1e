// Six queries at a time: their scores against all keys, softmax, then the weighted sum of the values. Keys (transposed)
// and values are packed into panels of 16 columns, once per head, so that both products read memory in a row.
#include "include/attention.h"

#include <math.h>

#include "tile.h"

INLINE int64_t padded(int64_t n) { return (n + tile_width - 1) / tile_width * tile_width; }

// keys: [token panels][width][16]; values: [channel panels][tokens][16]; queries: [6][width]; scores: [6][padded tokens]
int64_t plumb_attention_scratch_count(const plumb_attention_shape *s) {
  return padded(s->tokens) * (s->width + tile_rows) + s->tokens * padded(s->width) + tile_rows * padded(s->width);
}

INLINE void pack_keys(const plumb_attention_shape *s, const float *key, float scale, float *keys) {
  const int64_t token_stride = 3 * s->heads * s->width;
  for (int64_t panel = 0; panel < s->tokens; panel += tile_width) {
    const int64_t lanes = s->tokens - panel < tile_width ? s->tokens - panel : tile_width;
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

INLINE void pack_values(const plumb_attention_shape *s, const float *value, float *values) {
  const int64_t token_stride = 3 * s->heads * s->width;
  for (int64_t panel = 0; panel < s->width; panel += tile_width) {
    const int64_t lanes = s->width - panel < tile_width ? s->width - panel : tile_width;
    for (int64_t t = 0; t < s->tokens; t++, values += tile_width) {
      float row[tile_width] = {0};
      if (lanes == tile_width) memcpy(row, value + t * token_stride + panel, sizeof row);
      else memcpy(row, value + t * token_stride + panel, (size_t)lanes * sizeof(float));
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
    const plumb_attention_shape *s, const float *query, const float *key, const float *value, float *destination, float *scratch) {
  const int64_t token_stride = 3 * s->heads * s->width, columns = padded(s->tokens), width = padded(s->width);
  const float scale = (float)(1.0 / sqrt(sqrt((double)s->width)));
  float *keys = scratch, *values = keys + s->width * columns, *queries = values + s->tokens * width;
  float *scores = queries + tile_rows * width;
  pack_keys(s, key, scale, keys);
  pack_values(s, value, values);
  for (int64_t t = 0; t < s->tokens; t += tile_rows) {
    int64_t rows = s->tokens - t < tile_rows ? s->tokens - t : tile_rows;
    for (int64_t r = 0; r < rows; r++)
      for (int64_t c = 0; c < s->width; c++) queries[r * width + c] = query[(t + r) * token_stride + c] * scale;
    for (int64_t column = 0; column < columns; column += tile_width) {
#define BODY(ROWS, VECTORS)                                                                                                   \
  product_tile(ROWS, VECTORS, queries, width, keys + column * s->width, s->width, scores + column, columns, tile_width, 0)
      TILE_DISPATCH(rows, s->tokens - column > 8, BODY)
#undef BODY
    }
    float inverse[tile_rows];
    for (int64_t r = 0; r < rows; r++) inverse[r] = exponentials(scores + r * columns, s->tokens, columns);
    for (int64_t column = 0; column < s->width; column += tile_width) {
      float *out = destination + t * s->heads * s->width + column;
#define BODY(ROWS, VECTORS)                                                                                                   \
  product_tile(                                                                                                               \
      ROWS, VECTORS, scores, columns, values + column * s->tokens, s->tokens, out, s->heads * s->width, s->width - column, inverse)
      TILE_DISPATCH(rows, s->width - column > 8, BODY)
#undef BODY
    }
  }
}

INLINE void plumb_attention_body(
    const plumb_attention_shape *s, int64_t count, const float *qkv, float *destination, float *scratch) {
  int64_t channels = s->heads * s->width;
  for (int64_t n = 0; n < count; n++)
    for (int64_t head = 0; head < s->heads; head++) {
      const float *x = qkv + n * s->tokens * 3 * channels + head * s->head_stride;
      float *y = destination + n * s->tokens * channels + head * s->width;
      attend_head(s, x + s->query, x + s->key, x + s->value, y, scratch);
    }
}

PLUMB_KERNEL(
    plumb_attention,
    (const plumb_attention_shape *shape, int64_t count, const float *qkv, float *destination, float *scratch),
    (shape, count, qkv, destination, scratch))
