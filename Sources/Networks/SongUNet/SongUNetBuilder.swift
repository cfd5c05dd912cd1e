import Engine

/// Builds the graph of `SongUNet`: the entries of the original's `enc` and `dec`, in their order.
struct SongUNetBuilder {
  private let arguments: SongUNetConfiguration
  private let isAugmented: Bool
  private var layers: EDMLayers
  private(set) var blockNames: [String] = []

  init(_ arguments: SongUNetConfiguration, taps: Set<String>, isAugmented: Bool) {
    self.arguments = arguments
    self.isAugmented = isAugmented
    layers = EDMLayers(taps: taps)
  }

  mutating func finish() throws -> Graph {
    let side = arguments.imgResolution
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: side, width: side)
    let embedding = embedding()
    layers.tap("emb", embedding)
    var skips: [ValueID] = []
    let h = encode(x, embedding, &skips)
    layers.graph.output("out", decode(h, embedding, &skips))
    return try layers.graph.finish()
  }

  /// Of c_noise, sines first, plus those of the class and the augmentation; then twice a linear layer and SiLU. Without a
  /// class the one-hot vector is zero, and the bias of its layer stays.
  private mutating func embedding() -> ValueID {
    let width = arguments.noiseChannels
    let noise = layers.graph.scalarInput("timesteps")
    var h: ValueID
    switch arguments.embeddingType {
    case .positional:
      h = layers.graph.timestepEmbedding(
        noise, width: width, maxPeriod: 10000, halfDivisor: width / 2 - 1, order: .sineFirst, formula: .power)
    case .fourier:
      let frequencies = ParameterSpec(name: "map_noise.freqs", shape: [width / 2])
      h = layers.graph.fourierEmbedding(noise, frequencies: frequencies, order: .sineFirst)
    }
    if arguments.labelDim > 0 {
      let labels = layers.graph.scalarInput("labels")
      let oneHot = layers.graph.oneHot(labels, classes: arguments.labelDim, scale: Float(arguments.labelDim).squareRoot())
      h = layers.graph.add(h, layers.linear(oneHot, "map_label", width: width))
    }
    if isAugmented { h = layers.graph.add(h, layers.augmentation(arguments.augmentDim, width: width)) }
    h = layers.graph.silu(layers.linear(h, "map_layer0", width: arguments.embChannels))
    return layers.graph.silu(layers.linear(h, "map_layer1", width: arguments.embChannels))
  }

  private mutating func encode(_ x: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var (h, auxiliary) = (x, x)
    for (level, multiplier) in arguments.channelMult.enumerated() {
      let side = arguments.imgResolution >> level
      let name = "enc.\(side)x\(side)"
      if level == 0 {
        h = note(layers.convolution(h, "\(name)_conv", width: arguments.modelChannels, kernel: 3), "\(name)_conv")
        skips.append(h)
      } else {
        let width = layers.channels(h)
        h = block(h, embedding, "\(name)_down", arguments.block(width, width, down: true))
        h = join(h, &auxiliary, name)
        skips.append(h)
      }
      for index in 0..<arguments.numBlocks {
        let attends = arguments.attnResolutions.contains(side)
        let shape = arguments.block(layers.channels(h), arguments.modelChannels * multiplier, attends: attends)
        h = block(h, embedding, "\(name)_block\(index)", shape)
        skips.append(h)
      }
    }
    return h
  }

  /// Brings the picture itself, made smaller beside the blocks, into a level of the encoder.
  private mutating func join(_ h: ValueID, _ auxiliary: inout ValueID, _ name: String) -> ValueID {
    let (width, length) = (layers.channels(h), arguments.resampleFilter.count)
    switch arguments.encoderType {
    case .standard: return h
    case .skip:
      auxiliary = note(layers.resample(auxiliary, "\(name)_aux_down", .down, length: length), "\(name)_aux_down")
      return layers.graph.add(
        h, note(layers.convolution(auxiliary, "\(name)_aux_skip", width: width, kernel: 1), "\(name)_aux_skip"))
    case .residual:
      let entry = "\(name)_aux_residual"
      let residual = note(layers.fusedDown(auxiliary, entry, width: width, kernel: 3, length: length), entry)
      auxiliary = layers.scaled(layers.graph.add(h, residual), 0.5.squareRoot())
      return auxiliary
    }
  }

  private mutating func decode(_ lowest: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var (h, sum): (ValueID, ValueID?) = (lowest, nil)
    for (level, multiplier) in arguments.channelMult.enumerated().reversed() {
      let side = arguments.imgResolution >> level
      let (name, width, isLowest) = ("dec.\(side)x\(side)", layers.channels(h), level == arguments.channelMult.count - 1)
      if isLowest {
        h = block(h, embedding, "\(name)_in0", arguments.block(width, width, attends: true))
        h = block(h, embedding, "\(name)_in1", arguments.block(width, width))
      } else {
        h = block(h, embedding, "\(name)_up", arguments.block(width, width, up: true))
      }
      for index in 0...arguments.numBlocks {
        guard let skip = skips.popLast() else { break }
        let joined = layers.graph.concatenate(h, skip)
        let attends = index == arguments.numBlocks && arguments.attnResolutions.contains(side)
        let shape = arguments.block(layers.channels(joined), arguments.modelChannels * multiplier, attends: attends)
        h = block(joined, embedding, "\(name)_block\(index)", shape)
      }
      if level == 0 || arguments.decoderType == .skip { sum = result(h, adding: sum, name) }
    }
    return sum ?? h
  }

  /// The picture a level of the decoder gives, plus that of the levels below made larger.
  private mutating func result(_ h: ValueID, adding lower: ValueID?, _ name: String) -> ValueID {
    let length = arguments.resampleFilter.count
    let doubled = lower.map { note(layers.resample($0, "\(name)_aux_up", .up, length: length), "\(name)_aux_up") }
    let normed = note(layers.norm(h, "\(name)_aux_norm", epsilon: SongUNetConfiguration.epsilon), "\(name)_aux_norm")
    let picture = layers.convolution(layers.graph.silu(normed), "\(name)_aux_conv", width: arguments.outChannels, kernel: 3)
    let noted = note(picture, "\(name)_aux_conv")
    return doubled.map { layers.graph.add(noted, $0) } ?? noted
  }

  private mutating func block(_ x: ValueID, _ embedding: ValueID, _ name: String, _ shape: EDMBlockArguments) -> ValueID {
    blockNames.append(name)
    return layers.block(x, embedding, name, shape)
  }

  /// An entry that is no block.
  private mutating func note(_ x: ValueID, _ name: String) -> ValueID {
    blockNames.append(name)
    layers.tap(name, x)
    return x
  }
}
