import Engine

/// The layers of a diffusion transformer. `condition` is what `embed` gives, taken by every modulation.
struct DiTLayers: LayerBuilder {
  var graph = GraphBuilder()
  let taps: Set<String>
  private let arguments: DiTConfiguration

  init(_ arguments: DiTConfiguration, taps: Set<String>) {
    self.arguments = arguments
    self.taps = taps
  }

  /// Every patch as a token, with its place added.
  mutating func patches(_ x: ValueID) -> ValueID {
    let (width, patch) = (arguments.hiddenSize, arguments.patchSize)
    let tokens = convolution(x, "x_embedder.proj", width: width, kernel: patch, stride: patch, padding: 0)
    tap("x_embed", tokens)
    return graph.addParameter(tokens, ParameterSpec(name: "pos_embed", shape: [1, arguments.side * arguments.side, width]))
  }

  /// SiLU of the sum of the embeddings of timestep and class. Declares the inputs "timesteps" and "labels".
  mutating func embed() -> ValueID {
    let (width, mlp): (Int, ParameterScope) = (arguments.hiddenSize, "t_embedder.mlp")
    let sinusoid = graph.timestepEmbedding(
      graph.scalarInput("timesteps"), width: DiTConfiguration.frequencies, maxPeriod: 10000, halfDivisor: DiTConfiguration.frequencies / 2)
    tap("t_sinusoid", sinusoid)
    let time = perceptron(sinusoid, mlp["0"], mlp["2"], width: width)
    tap("t_embed", time)
    let table = ParameterScope("y_embedder.embedding_table").parameter("weight", [arguments.tableRows, width])
    let label = graph.embeddingTable(graph.scalarInput("labels"), weight: table)
    tap("y_embed", label)
    return graph.silu(graph.add(time, label))
  }

  /// Attention among the tokens and a gated layer of two, each on the modulated norm of its input, to which it is added by a
  /// gate.
  mutating func block(_ x: ValueID, _ index: Int, _ condition: ValueID) -> ValueID {
    let (name, width): (ParameterScope, Int) = ("blocks.\(index)", arguments.hiddenSize)
    let modulation = linear(condition, name["adaLN_modulation.1"], width: 6 * width)
    tap("block_\(index)_modulation", modulation)
    let attended = attention(
      modulated(x, modulation, part: 0), qkv: name["attn.qkv"], result: name["attn.proj"], heads: arguments.numHeads,
      order: .partsThenHeads, form: .linear)
    tap("block_\(index)_attn", attended)
    var h = graph.add(x, graph.multiply(attended, part(2, of: modulation)))
    var inner = linear(modulated(h, modulation, part: 3), name["mlp.fc1"], width: arguments.mlpWidth)
    inner = linear(graph.gelu(inner, approximation: .tanh), name["mlp.fc2"], width: width)
    h = graph.add(h, graph.multiply(inner, part(5, of: modulation)))
    tap("block_\(index)", h)
    return h
  }

  /// The tokens as the patches of a picture.
  mutating func picture(_ x: ValueID, _ condition: ValueID) -> ValueID {
    let (final, patch, channels): (ParameterScope, Int, Int) = ("final_layer", arguments.patchSize, arguments.outputChannels)
    let modulation = linear(condition, final["adaLN_modulation.1"], width: 2 * arguments.hiddenSize)
    let tokens = linear(modulated(x, modulation, part: 0), final["linear"], width: patch * patch * channels)
    tap("final_tokens", tokens)
    return graph.unpatchify(tokens, patch: patch, channels: channels)
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
}
