import Engine

/// Where a project keeps the layers of an attention with one for each part.
struct AttentionNames: Sendable {
  let queries, keys, values, result: String
}

extension LayerBuilder {
  /// Attention of the pixels to each other, with one layer for queries, keys and values, and one for the result. The
  /// former's output may be tapped under its name.
  mutating func attention(
    _ x: ValueID, qkv: ParameterScope, result: ParameterScope, heads: Int, order: AttentionOrder, form: PointwiseForm
  ) -> ValueID {
    let width = channels(x)
    let parts = pointwise(x, qkv, width: 3 * width, form: form)
    tap(qkv.path, parts)
    return pointwise(graph.attention(parts, heads: heads, order: order), result, width: width, form: form)
  }

  /// Attention of the pixels of `x` to `context`, which may be `x` itself, a sequence, or a vector as one token, with a layer
  /// for each part.
  mutating func attention(
    _ x: ValueID, to context: ValueID, _ name: ParameterScope, _ names: AttentionNames, heads: Int, form: PointwiseForm, hasBias: Bool
  ) -> ValueID {
    let width = channels(x)
    let queries = pointwise(x, name[names.queries], width: width, form: form, hasBias: hasBias)
    let keys = pointwise(context, name[names.keys], width: width, form: form, hasBias: hasBias)
    let values = pointwise(context, name[names.values], width: width, form: form, hasBias: hasBias)
    let attended = graph.attention(queries: queries, keys: keys, values: values, heads: heads, scale: .scores)
    return pointwise(attended, name[names.result], width: width, form: form)
  }
}
