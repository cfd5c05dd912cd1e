import Engine

extension ADMLayers {
  private static let attentionNames = AttentionNames(queries: "to_q", keys: "to_k", values: "to_v", result: "to_out.0")

  /// LDM's `SpatialTransformer`: norm, projection, blocks of attention among the pixels, attention to the context and a
  /// gated layer, projection, plus the input. `context` is a vector, one token, or a sequence.
  mutating func spatialTransformer(_ x: ValueID, _ name: ParameterScope, context: ValueID, heads: Int, depth: Int) -> ValueID {
    let width = channels(x)
    var h = convolution(norm(x, name["norm"], epsilon: 1e-6), name["proj_in"], width: width, kernel: 1)
    for block in 0..<depth { h = transformerBlock(h, name["transformer_blocks.\(block)"], context: context, heads: heads) }
    return graph.add(x, convolution(h, name["proj_out"], width: width, kernel: 1))
  }

  /// `BasicTransformerBlock`: each part adds to its input what it makes of the norm of it.
  private mutating func transformerBlock(_ x: ValueID, _ name: ParameterScope, context: ValueID, heads: Int) -> ValueID {
    var normed = layerNorm(x, name["norm1"], epsilon: 1e-5)
    var h = graph.add(x, attention(normed, to: normed, name["attn1"], heads: heads))
    normed = layerNorm(h, name["norm2"], epsilon: 1e-5)
    h = graph.add(h, attention(normed, to: context, name["attn2"], heads: heads))
    return graph.add(h, gated(layerNorm(h, name["norm3"], epsilon: 1e-5), name["ff.net"]))
  }

  private mutating func attention(_ x: ValueID, to context: ValueID, _ name: ParameterScope, heads: Int) -> ValueID {
    attention(x, to: context, name, Self.attentionNames, heads: heads, form: .linear, hasBias: false)
  }

  /// GEGLU (Shazeer 2020): value times the exact GELU of the gate, four times as wide, and back.
  private mutating func gated(_ x: ValueID, _ net: ParameterScope) -> ValueID {
    let width = channels(x)
    let both = linear(x, net["0.proj"], width: 8 * width)
    let (value, gate) = (graph.slice(both, channels: 0..<4 * width), graph.slice(both, channels: 4 * width..<8 * width))
    return linear(graph.multiply(value, graph.gelu(gate, approximation: .none)), net["2"], width: width)
  }
}
