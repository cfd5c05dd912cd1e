import Engine

extension ADMLayers {
  /// LDM's `SpatialTransformer`: norm, projection, blocks of attention among the pixels, attention to the context and a
  /// gated layer, projection, plus the input. `context` is a vector, one token, or a sequence.
  mutating func spatialTransformer(_ x: ValueID, _ name: String, context: ValueID, heads: Int, depth: Int) -> ValueID {
    let width = channels(x)
    var h = convolution(norm(x, "\(name).norm", epsilon: 1e-6), "\(name).proj_in", width: width, kernel: 1)
    for block in 0..<depth { h = transformerBlock(h, "\(name).transformer_blocks.\(block)", context: context, heads: heads) }
    return graph.add(x, convolution(h, "\(name).proj_out", width: width, kernel: 1))
  }

  /// `BasicTransformerBlock`: each part adds to its input what it makes of the norm of it.
  private mutating func transformerBlock(_ x: ValueID, _ name: String, context: ValueID, heads: Int) -> ValueID {
    var normed = layerNorm(x, "\(name).norm1")
    var h = graph.add(x, attention(normed, to: normed, "\(name).attn1", heads: heads))
    normed = layerNorm(h, "\(name).norm2")
    h = graph.add(h, attention(normed, to: context, "\(name).attn2", heads: heads))
    return graph.add(h, gated(layerNorm(h, "\(name).norm3"), "\(name).ff"))
  }

  private mutating func attention(_ x: ValueID, to context: ValueID, _ name: String, heads: Int) -> ValueID {
    let width = channels(x)
    let queries = linear(x, "\(name).to_q", width: width, hasBias: false)
    let keys = linear(context, "\(name).to_k", width: width, hasBias: false)
    let values = linear(context, "\(name).to_v", width: width, hasBias: false)
    let attended = graph.attention(queries: queries, keys: keys, values: values, heads: heads, scale: .scores)
    return linear(attended, "\(name).to_out.0", width: width)
  }

  /// GEGLU (Shazeer 2020): value times the exact GELU of the gate, four times as wide, and back.
  private mutating func gated(_ x: ValueID, _ name: String) -> ValueID {
    let width = channels(x)
    let both = linear(x, "\(name).net.0.proj", width: 8 * width)
    let (value, gate) = (graph.slice(both, channels: 0..<4 * width), graph.slice(both, channels: 4 * width..<8 * width))
    return linear(graph.multiply(value, graph.gelu(gate, approximation: .none)), "\(name).net.2", width: width)
  }

  private mutating func layerNorm(_ x: ValueID, _ name: String) -> ValueID {
    let shape = [channels(x)]
    return graph.layerNorm(
      x, epsilon: 1e-5, weight: ParameterSpec(name: "\(name).weight", shape: shape), bias: ParameterSpec(name: "\(name).bias", shape: shape)
    )
  }
}
