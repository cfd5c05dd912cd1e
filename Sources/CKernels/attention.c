#include "include/attention.h"

#include "attention_head.h"

int64_t plumb_attention_scratch_count(const plumb_attention_shape *s) { return attention_scratch(s->tokens, s->width); }

INLINE void plumb_attention_body(
    const plumb_attention_shape *s, int64_t count, const float *qkv, float *destination, float *scratch) {
  const int64_t channels = s->heads * s->width;
  const attention_extents extents = {
      .queries = s->tokens,
      .keys = s->tokens,
      .width = s->width,
      .query_stride = 3 * channels,
      .key_stride = 3 * channels,
      .value_stride = 3 * channels,
      .destination_stride = channels,
      .operand_scale = (float)(1.0 / sqrt(sqrt((double)s->width))),
      .score_scale = 1.0f,
  };
  for (int64_t n = 0; n < count; n++)
    for (int64_t head = 0; head < s->heads; head++) {
      const float *x = qkv + n * s->tokens * 3 * channels + head * s->head_stride;
      float *y = destination + n * s->tokens * channels + head * s->width;
      attend_head(&extents, x + s->query, x + s->key, x + s->value, y, scratch);
    }
}

PLUMB_KERNEL(
    plumb_attention,
    (const plumb_attention_shape *shape, int64_t count, const float *qkv, float *destination, float *scratch),
    (shape, count, qkv, destination, scratch))
