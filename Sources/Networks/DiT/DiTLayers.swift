import Engine

/// The layers of a diffusion transformer, each adding its operations to the graph under the checkpoint's names.
struct DiTLayers {
  var graph = GraphBuilder()
  private let arguments: DiTConfiguration
  private let taps: Set<String>
  /// SiLU of the sum of the embeddings, as every modulation takes it.
  private var activatedEmbedding: ValueID?

  init(_ arguments: DiTConfiguration, taps: Set<String>) {
    self.arguments = arguments
    self.taps = taps
  }

  /// Every patch as a token, with its place added.
  mutating func patches(_ x: ValueID) -> ValueID {
    let (width, patch) = (arguments.hiddenSize, arguments.patchSize)
    let tokens = graph.convolution(
      x, weight: ParameterSpec(name: "x_embedder.proj.weight", shape: [width, arguments.inChannels, patch, patch]),
      bias: ParameterSpec(name: "x_embedder.proj.bias", shape: [width]), stride: patch, padding: 0)
    hand(tokens, out: "x_embed")
    return graph.addParameter(tokens, ParameterSpec(name: "pos_embed", shape: [1, arguments.side * arguments.side, width]))
  }

  /// Of timestep and class. Declares the inputs "timesteps" and "labels".
  mutating func embedding() {
    let width = arguments.hiddenSize
    let sinusoid = graph.timestepEmbedding(
      graph.scalarInput("timesteps"), width: DiTConfiguration.frequencies, maxPeriod: 10000, halfDivisor: DiTConfiguration.frequencies / 2)
    hand(sinusoid, out: "t_sinusoid")
    let h = graph.silu(linear(sinusoid, "t_embedder.mlp.0", width: width))
    let time = linear(h, "t_embedder.mlp.2", width: width)
    hand(time, out: "t_embed")
    let label = graph.embeddingTable(
      graph.scalarInput("labels"),
      weight: ParameterSpec(name: "y_embedder.embedding_table.weight", shape: [arguments.tableRows, width]))
    hand(label, out: "y_embed")
    activatedEmbedding = graph.silu(graph.add(time, label))
  }

  /// Attention among the tokens and a gated layer of two, each on the modulated norm of its input, to which it is added by a
  /// gate.
  mutating func block(_ x: ValueID, _ index: Int) -> ValueID {
    let (name, width) = ("blocks.\(index)", arguments.hiddenSize)
    let modulation = modulation("\(name).adaLN_modulation.1", parts: 6)
    hand(modulation, out: "block_\(index)_modulation")
    let normed = modulated(x, modulation, part: 0)
    let qkv = linear(normed, "\(name).attn.qkv", width: 3 * width)
    let attended = linear(graph.attention(qkv, heads: arguments.numHeads, order: .partsThenHeads), "\(name).attn.proj", width: width)
    hand(attended, out: "block_\(index)_attn")
    var h = graph.add(x, graph.multiply(attended, part(2, of: modulation)))
    var inner = linear(modulated(h, modulation, part: 3), "\(name).mlp.fc1", width: arguments.mlpWidth)
    inner = linear(graph.gelu(inner, approximation: .tanh), "\(name).mlp.fc2", width: width)
    h = graph.add(h, graph.multiply(inner, part(5, of: modulation)))
    hand(h, out: "block_\(index)")
    return h
  }

  /// The tokens as the patches of a picture.
  mutating func picture(_ x: ValueID) -> ValueID {
    let (patch, channels) = (arguments.patchSize, arguments.outputChannels)
    let normed = modulated(x, modulation("final_layer.adaLN_modulation.1", parts: 2), part: 0)
    let tokens = linear(normed, "final_layer.linear", width: patch * patch * channels)
    hand(tokens, out: "final_tokens")
    return graph.unpatchify(tokens, patch: patch, channels: channels)
  }

  private mutating func modulation(_ name: String, parts: Int) -> ValueID {
    linear(activatedEmbedding ?? graph.scalarInput("timesteps"), name, width: parts * arguments.hiddenSize)
  }

  private mutating func part(_ index: Int, of modulation: ValueID) -> ValueID {
    let width = arguments.hiddenSize
    return graph.slice(modulation, channels: index * width..<(index + 1) * width)
  }

  /// `norm(x) * (1 + scale) + shift`; the shift is the part given, the scale the one after it.
  private mutating func modulated(_ x: ValueID, _ modulation: ValueID, part: Int) -> ValueID {
    let normed = graph.layerNorm(x, epsilon: 1e-6, weight: nil, bias: nil)
    let (shift, scale) = (self.part(part, of: modulation), self.part(part + 1, of: modulation))
    return graph.modulate(normed, scaleShift: graph.concatenate(scale, shift))
  }

  /// On a vector, or on every token.
  private mutating func linear(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    graph.linear(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, graph.shape(x).channels]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]))
  }

  private mutating func hand(_ value: ValueID, out tap: String) {
    if taps.contains(tap) { graph.output(tap, value) }
  }
}
