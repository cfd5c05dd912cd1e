#include "include/cross_attention.h"

#include "attention_head.h"

int64_t plumb_cross_attention_scratch_count(const plumb_cross_attention_shape *s) { return attention_scratch(s->keys, s->width); }

INLINE void plumb_cross_attention_body(
    const plumb_cross_attention_shape *s, int64_t count, plumb_attention_operand query, plumb_attention_operand key,
    plumb_attention_operand value, float *destination, float *scratch) {
  const int64_t channels = s->heads * s->width;
  const attention_extents extents = {
      .queries = s->queries,
      .keys = s->keys,
      .width = s->width,
      .query_stride = channels,
      .key_stride = channels,
      .value_stride = channels,
      .destination_stride = channels,
      .operand_scale = s->operand_scale,
      .score_scale = s->score_scale,
  };
  for (int64_t n = 0; n < count; n++)
    for (int64_t at = 0; at < channels; at += s->width)
      attend_head(
          &extents, query.base + n * query.stride + at, key.base + n * key.stride + at, value.base + n * value.stride + at,
          destination + n * s->queries * channels + at, scratch);
}

PLUMB_KERNEL(
    plumb_cross_attention,
    (const plumb_cross_attention_shape *shape, int64_t count, plumb_attention_operand query, plumb_attention_operand key,
     plumb_attention_operand value, float *destination, float *scratch),
    (shape, count, query, key, value, destination, scratch))
