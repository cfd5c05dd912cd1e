import Engine

/// Builds the graph of `SongUNet`: the entries of the original's `enc` and `dec`, in their order.
struct SongUNetLayers: EDMLayers {
  var graph = GraphBuilder()
  let taps: Set<String>
  var blockNames: [String] = []
  let groupNorm = GroupNormStyle.edm(epsilon: SongUNetConfiguration.epsilon)
  private let arguments: SongUNetConfiguration
  private let isAugmented: Bool

  private var common: EDMCommonArguments { arguments.common }

  init(_ arguments: SongUNetConfiguration, taps: Set<String>, isAugmented: Bool) {
    self.arguments = arguments
    self.taps = taps
    self.isAugmented = isAugmented
  }

  mutating func build() throws -> Graph {
    let x = input(common.image)
    let embedding = embedding()
    tap("emb", embedding)
    var skips: [ValueID] = []
    let h = encode(x, embedding, &skips)
    graph.output("out", decode(h, embedding, &skips))
    return try finish()
  }

  /// Of c_noise, sines first, plus those of the class and the augmentation; then twice a linear layer and SiLU. Without a
  /// class the one-hot vector is zero, and the bias of its layer stays.
  private mutating func embedding() -> ValueID {
    let width = arguments.noiseChannels
    let noise = graph.scalarInput("timesteps")
    var h: ValueID
    switch arguments.embeddingType {
    case .positional:
      h = graph.timestepEmbedding(
        noise, width: width, maxPeriod: 10000, halfDivisor: width / 2 - 1, order: .sineFirst, formula: .power)
    case .fourier:
      h = graph.fourierEmbedding(noise, frequencies: ParameterSpec(name: "map_noise.freqs", shape: [width / 2]), order: .sineFirst)
    }
    if common.labelDim > 0 {
      let labels = graph.scalarInput("labels")
      let oneHot = graph.oneHot(labels, classes: common.labelDim, scale: Float(common.labelDim).squareRoot())
      h = graph.add(h, linear(oneHot, "map_label", width: width))
    }
    if isAugmented { h = graph.add(h, augmentation(common.augmentDim, width: width)) }
    return graph.silu(perceptron(h, "map_layer0", "map_layer1", width: common.embChannels))
  }

  private mutating func encode(_ x: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var (h, auxiliary) = (x, x)
    for (level, multiplier) in common.channelMult.enumerated() {
      let side = common.imgResolution >> level
      let name = "enc.\(side)x\(side)"
      if level == 0 {
        h = note(convolution(h, "\(name)_conv", width: common.modelChannels), "\(name)_conv")
        skips.append(h)
      } else {
        let width = channels(h)
        h = entry(h, embedding, "\(name)_down", arguments.block(width, width, down: true))
        h = join(h, &auxiliary, name)
        skips.append(h)
      }
      for index in 0..<common.numBlocks {
        let attends = common.attnResolutions.contains(side)
        h = entry(
          h, embedding, "\(name)_block\(index)", arguments.block(channels(h), common.modelChannels * multiplier, attends: attends))
        skips.append(h)
      }
    }
    return h
  }

  /// Brings the picture itself, made smaller beside the blocks, into a level of the encoder.
  private mutating func join(_ h: ValueID, _ auxiliary: inout ValueID, _ name: String) -> ValueID {
    let (width, length) = (channels(h), arguments.resampleFilter.count)
    switch arguments.encoderType {
    case .standard: return h
    case .skip:
      let (down, skip) = ("\(name)_aux_down", "\(name)_aux_skip")
      auxiliary = note(resample(auxiliary, .filteredDown(length: length), ParameterScope(down)), down)
      return graph.add(h, note(convolution(auxiliary, ParameterScope(skip), width: width, kernel: 1), skip))
    case .residual:
      let entry = "\(name)_aux_residual"
      let residual = note(fusedDown(auxiliary, ParameterScope(entry), width: width, length: length), entry)
      auxiliary = scaled(graph.add(h, residual), 0.5.squareRoot())
      return auxiliary
    }
  }

  private mutating func decode(_ lowest: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var (h, sum): (ValueID, ValueID?) = (lowest, nil)
    for (level, multiplier) in common.channelMult.enumerated().reversed() {
      let side = common.imgResolution >> level
      let (name, width, isLowest) = ("dec.\(side)x\(side)", channels(h), level == common.channelMult.count - 1)
      if isLowest {
        h = entry(h, embedding, "\(name)_in0", arguments.block(width, width, attends: true))
        h = entry(h, embedding, "\(name)_in1", arguments.block(width, width))
      } else {
        h = entry(h, embedding, "\(name)_up", arguments.block(width, width, up: true))
      }
      for index in 0...common.numBlocks {
        guard let skip = skips.popLast() else { break }
        let joined = graph.concatenate(h, skip)
        let attends = index == common.numBlocks && common.attnResolutions.contains(side)
        let shape = arguments.block(channels(joined), common.modelChannels * multiplier, attends: attends)
        h = entry(joined, embedding, "\(name)_block\(index)", shape)
      }
      if level == 0 || arguments.decoderType == .skip { sum = result(h, adding: sum, name) }
    }
    return sum ?? h
  }

  /// The picture a level of the decoder gives, plus that of the levels below made larger.
  private mutating func result(_ h: ValueID, adding lower: ValueID?, _ name: String) -> ValueID {
    let (up, norm, picture) = ("\(name)_aux_up", "\(name)_aux_norm", "\(name)_aux_conv")
    let doubled = lower.map {
      note(resample($0, .filteredUp(length: arguments.resampleFilter.count), ParameterScope(up)), up)
    }
    let normed = note(self.norm(h, ParameterScope(norm)), norm)
    let own = note(convolution(graph.silu(normed), ParameterScope(picture), width: common.outChannels), picture)
    return doubled.map { graph.add(own, $0) } ?? own
  }
}
