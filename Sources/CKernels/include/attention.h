#pragma once
#include <stdint.h>

/// Extents of one sample, and where the first head's queries, keys and values lie in a token's 3 * heads * width floats.
typedef struct {
  int64_t tokens, heads, width;
  int64_t query, key, value;  // offsets of head 0
  int64_t head_stride;        // from a head to the next
} plumb_attention_shape;

/// Floats of scratch.
int64_t plumb_attention_scratch_count(const plumb_attention_shape *shape);

/// qkv: [count, tokens, 3 * heads * width]; destination: [count, tokens, heads * width], head by head.
/// softmax(q k^T) v with q and k each times width^(-1/4); all in float32.
void plumb_attention(const plumb_attention_shape *shape, int64_t count, const float *qkv, float *destination, float *scratch);
