import Engine

/// Builds the graph of `DhariwalUNet`: the entries of the original's `enc` and `dec`, in their order.
struct DhariwalUNetBuilder {
  private let arguments: DhariwalUNetConfiguration
  private let isAugmented: Bool
  private var layers: EDMLayers
  private(set) var blockNames: [String] = []

  private var common: EDMCommonArguments { arguments.common }

  init(_ arguments: DhariwalUNetConfiguration, taps: Set<String>, isAugmented: Bool) {
    self.arguments = arguments
    self.isAugmented = isAugmented
    layers = EDMLayers(taps: taps)
  }

  mutating func finish() throws -> Graph {
    let side = common.imgResolution
    let x = layers.graph.imageInput("x", channels: common.inChannels, height: side, width: side)
    let embedding = embedding()
    layers.tap("emb", embedding)
    var skips: [ValueID] = []
    let lowest = encode(x, embedding, &skips)
    let h = decode(lowest, embedding, &skips)
    let normed = layers.norm(h, "out_norm", epsilon: 1e-5)
    layers.graph.output("out", layers.convolution(layers.graph.silu(normed), "out_conv", width: common.outChannels, kernel: 3))
    return try layers.graph.finish()
  }

  /// Of c_noise, cosines first, plus that of the augmentation; linear, SiLU, linear; plus the class; SiLU.
  private mutating func embedding() -> ValueID {
    let width = common.modelChannels
    let noise = layers.graph.scalarInput("timesteps")
    var h = layers.graph.timestepEmbedding(noise, width: width, maxPeriod: 10000, halfDivisor: max(width / 2, 1), formula: .power)
    if isAugmented { h = layers.graph.add(h, layers.augmentation(common.augmentDim, width: width)) }
    h = layers.graph.silu(layers.linear(h, "map_layer0", width: arguments.embChannels))
    h = layers.linear(h, "map_layer1", width: arguments.embChannels)
    if common.labelDim > 0 {
      let oneHot = layers.graph.oneHot(layers.graph.scalarInput("labels"), classes: common.labelDim)
      h = layers.graph.add(h, layers.linear(oneHot, "map_label", width: arguments.embChannels, bias: false))
    }
    return layers.graph.silu(h)
  }

  private mutating func encode(_ x: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var h = x
    for (level, multiplier) in common.channelMult.enumerated() {
      let side = common.imgResolution >> level
      let (name, width) = ("enc.\(side)x\(side)", common.modelChannels * multiplier)
      if level == 0 {
        h = layers.convolution(h, "\(name)_conv", width: width, kernel: 3)
        blockNames.append("\(name)_conv")
        layers.tap("\(name)_conv", h)
      } else {
        h = block(h, embedding, "\(name)_down", arguments.block(layers.channels(h), layers.channels(h), down: true))
      }
      skips.append(h)
      for index in 0..<common.numBlocks {
        let attends = common.attnResolutions.contains(side)
        h = block(h, embedding, "\(name)_block\(index)", arguments.block(layers.channels(h), width, attends: attends))
        skips.append(h)
      }
    }
    return h
  }

  private mutating func decode(_ lowest: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var h = lowest
    for (level, multiplier) in common.channelMult.enumerated().reversed() {
      let side = common.imgResolution >> level
      let (name, width) = ("dec.\(side)x\(side)", layers.channels(h))
      if level == common.channelMult.count - 1 {
        h = block(h, embedding, "\(name)_in0", arguments.block(width, width, attends: true))
        h = block(h, embedding, "\(name)_in1", arguments.block(width, width))
      } else {
        h = block(h, embedding, "\(name)_up", arguments.block(width, width, up: true))
      }
      for index in 0...common.numBlocks {
        guard let skip = skips.popLast() else { break }
        let joined = layers.graph.concatenate(h, skip)
        let attends = common.attnResolutions.contains(side)
        let shape = arguments.block(layers.channels(joined), common.modelChannels * multiplier, attends: attends)
        h = block(joined, embedding, "\(name)_block\(index)", shape)
      }
    }
    return h
  }

  private mutating func block(_ x: ValueID, _ embedding: ValueID, _ name: String, _ shape: EDMBlockArguments) -> ValueID {
    blockNames.append(name)
    return layers.block(x, embedding, name, shape)
  }
}
