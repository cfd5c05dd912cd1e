#pragma once
#include <stdint.h>

/// Extents of one sample, and what queries and keys (each of the two), and then their products, are multiplied by.
typedef struct {
  int64_t queries, keys, heads, width;
  float operand_scale, score_scale;
} plumb_cross_attention_shape;

/// Samples of an operand lie `stride` floats apart (0: one for all).
typedef struct {
  const float *base;
  int64_t stride;
} plumb_attention_operand;

/// Floats of scratch: it grows with the tokens, not with their square.
int64_t plumb_cross_attention_scratch_count(const plumb_cross_attention_shape *shape);

/// query, destination: [count, queries, heads * width]; key, value: [count, keys, heads * width], head by head.
/// softmax(q k^T) v, scaled as `shape` says; all in float32.
void plumb_cross_attention(
    const plumb_cross_attention_shape *shape, int64_t count, plumb_attention_operand query, plumb_attention_operand key,
    plumb_attention_operand value, float *destination, float *scratch);
