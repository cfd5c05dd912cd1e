import Engine

/// The layers of guided-diffusion's U-Net, from the picture to the output. Its classifier has those of the way down; LDM's
/// U-Net consists of the same, but for what stands where there is attention.
struct ADMLayers: GroupNormBuilder {
  /// The attention layer: of a value, under a name, on the way up or not.
  typealias AttentionLayer = (_ layers: inout ADMLayers, _ x: ValueID, _ name: ParameterScope, _ isUpward: Bool) -> ValueID

  var graph = GraphBuilder()
  let taps: Set<String>
  let groupNorm = GroupNormStyle(groups: ADMUNetConfiguration.groups, epsilon: 1e-5)
  let arguments: ADMUNetConfiguration
  var attentionLayer: AttentionLayer = { layers, x, name, isUpward in
    let heads = layers.arguments.heads(width: layers.channels(x), isUpward: isUpward)
    return layers.selfAttention(x, name, heads: heads)
  }
  /// Told the result of every block: "input_blocks.0", …, "middle_block", "output_blocks.0", ….
  var each: (_ layers: inout ADMLayers, _ block: String, _ value: ValueID) -> Void = { _, _, _ in }
  /// What the embedding does in every residual block.
  private var conditioning = Conditioning.none
  private var skips: [ValueID] = []

  private static let residualNames = ResidualNames(
    norm1: "in_layers.0", convolution1: "in_layers.2", embedding: "emb_layers.1", norm2: "out_layers.0", convolution2: "out_layers.3",
    shortcut: "skip_connection")

  init(_ arguments: ADMUNetConfiguration, taps: Set<String> = []) {
    self.arguments = arguments
    self.taps = taps
  }

  /// Sinusoidal embedding of the timestep, linear, SiLU, linear, plus the class embedding. Declares the inputs "timesteps"
  /// and "labels"; gives the sinusoid and the embedding of the time alone.
  mutating func embed() -> (sinusoid: ValueID, time: ValueID) {
    let width = arguments.modelChannels
    let timesteps = graph.scalarInput("timesteps")
    // exp(-ln(10000) k / half): divided by half, not half - 1.
    let sinusoid = graph.timestepEmbedding(timesteps, width: width, maxPeriod: 10000, halfDivisor: max(width / 2, 1))
    let time = perceptron(sinusoid, "time_embed.0", "time_embed.2", width: 4 * width)
    var embedding = time
    if let classes = arguments.numClasses {
      let labels = graph.scalarInput("labels")
      let table = ParameterScope("label_emb").parameter("weight", [classes, 4 * width])
      embedding = graph.add(time, graph.embeddingTable(labels, weight: table))
    }
    let activated = graph.silu(embedding)
    conditioning = arguments.useScaleShiftNorm ? .scaledAndShifted(activated) : .added(activated)
    return (sinusoid, time)
  }

  /// The network's output for the picture `x`.
  mutating func build(_ x: ValueID) -> ValueID {
    ending(upward(encode(x)), norm: "out.0", convolution: "out.2", width: arguments.outChannels)
  }

  /// The way down and the middle.
  mutating func encode(_ x: ValueID) -> ValueID {
    downward(x)
    let middle: ParameterScope = "middle_block"
    var h = skips.last ?? x
    h = residual(h, middle["0"], width: channels(h))
    h = attentionLayer(&self, h, middle["1"], false)
    h = residual(h, middle["2"], width: channels(h))
    each(&self, middle.path, h)
    return h
  }

  /// `input_blocks`: a convolution, then for every level its residual blocks and, but for the last, one that halves. The
  /// output of every block is a skip.
  private mutating func downward(_ x: ValueID) {
    var h = convolution(x, "input_blocks.0.0", width: arguments.width(0))
    keep(h)
    for level in 0..<arguments.levels {
      for _ in 0..<arguments.numResBlocks {
        let block: ParameterScope = "input_blocks.\(skips.count)"
        h = residual(h, block["0"], width: arguments.width(level))
        if attends(level) { h = attentionLayer(&self, h, block["1"], false) }
        keep(h)
      }
      if level < arguments.levels - 1 {
        h = halve(h, "input_blocks.\(skips.count).0")
        keep(h)
      }
    }
  }

  private mutating func keep(_ h: ValueID) {
    each(&self, "input_blocks.\(skips.count)", h)
    skips.append(h)
  }

  /// `output_blocks`: every block takes the latest skip left beside its input; the last one of a level, but for the first
  /// level, doubles.
  private mutating func upward(_ middle: ValueID) -> ValueID {
    var h = middle
    var index = 0
    for level in (0..<arguments.levels).reversed() {
      for position in 0...arguments.numResBlocks {
        guard let skip = skips.popLast() else { return h }
        let block: ParameterScope = "output_blocks.\(index)"
        h = residual(graph.concatenate(h, skip), block["0"], width: arguments.width(level))
        if attends(level) { h = attentionLayer(&self, h, block["1"], true) }
        if level > 0, position == arguments.numResBlocks { h = double(h, block[attends(level) ? "2" : "1"]) }
        each(&self, block.path, h)
        index += 1
      }
    }
    return h
  }

  private func attends(_ level: Int) -> Bool { arguments.attentionResolutions.contains(1 << level) }

  private mutating func residual(_ x: ValueID, _ name: ParameterScope, width: Int, resampling: LayerResampling = .none) -> ValueID {
    residual(x, name, Self.residualNames, width: width, conditioning: conditioning, resampling: resampling)
  }

  /// norm, queries, keys and values, attention among the pixels, projection, plus the input.
  mutating func selfAttention(_ x: ValueID, _ name: ParameterScope, heads: Int) -> ValueID {
    let attended = attention(
      norm(x, name["norm"]), qkv: name["qkv"], result: name["proj_out"], heads: heads,
      order: arguments.useNewAttentionOrder ? .partsThenHeads : .headsThenParts, form: .convolution1D)
    return graph.add(x, attended)
  }

  /// The last layer of a level going down.
  private mutating func halve(_ x: ValueID, _ name: ParameterScope) -> ValueID {
    if arguments.resblockUpdown { return residual(x, name, width: channels(x), resampling: .halved) }
    return halve(x, by: arguments.convResample ? name["op"] : nil, border: .around)
  }

  /// The last layer of a level going up.
  private mutating func double(_ x: ValueID, _ name: ParameterScope) -> ValueID {
    if arguments.resblockUpdown { return residual(x, name, width: channels(x), resampling: .doubled) }
    return double(x, by: arguments.convResample ? name["conv"] : nil)
  }
}
