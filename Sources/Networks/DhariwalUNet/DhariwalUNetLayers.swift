import Engine

/// Builds the graph of `DhariwalUNet`: the entries of the original's `enc` and `dec`, in their order.
struct DhariwalUNetLayers: EDMLayers {
  var graph = GraphBuilder()
  let taps: Set<String>
  var blockNames: [String] = []
  let groupNorm = GroupNormStyle.edm(epsilon: 1e-5)
  private let arguments: DhariwalUNetConfiguration
  private let isAugmented: Bool

  private var common: EDMCommonArguments { arguments.common }

  init(_ arguments: DhariwalUNetConfiguration, taps: Set<String>, isAugmented: Bool) {
    self.arguments = arguments
    self.taps = taps
    self.isAugmented = isAugmented
  }

  mutating func build() throws -> Graph {
    let x = input(common.image)
    let embedding = embedding()
    tap("emb", embedding)
    var skips: [ValueID] = []
    let lowest = encode(x, embedding, &skips)
    let h = decode(lowest, embedding, &skips)
    graph.output("out", ending(h, norm: "out_norm", convolution: "out_conv", width: common.outChannels))
    return try finish()
  }

  /// Of c_noise, cosines first, plus that of the augmentation; linear, SiLU, linear; plus the class; SiLU.
  private mutating func embedding() -> ValueID {
    let width = common.modelChannels
    let noise = graph.scalarInput("timesteps")
    var h = graph.timestepEmbedding(noise, width: width, maxPeriod: 10000, halfDivisor: max(width / 2, 1), formula: .power)
    if isAugmented { h = graph.add(h, augmentation(common.augmentDim, width: width)) }
    h = perceptron(h, "map_layer0", "map_layer1", width: common.embChannels)
    if common.labelDim > 0 {
      let oneHot = graph.oneHot(graph.scalarInput("labels"), classes: common.labelDim)
      h = graph.add(h, linear(oneHot, "map_label", width: common.embChannels, hasBias: false))
    }
    return graph.silu(h)
  }

  private mutating func encode(_ x: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var h = x
    for (level, multiplier) in common.channelMult.enumerated() {
      let side = common.imgResolution >> level
      let (name, width) = ("enc.\(side)x\(side)", common.modelChannels * multiplier)
      if level == 0 {
        h = note(convolution(h, "\(name)_conv", width: width), "\(name)_conv")
      } else {
        h = entry(h, embedding, "\(name)_down", arguments.block(channels(h), channels(h), down: true))
      }
      skips.append(h)
      for index in 0..<common.numBlocks {
        let attends = common.attnResolutions.contains(side)
        h = entry(h, embedding, "\(name)_block\(index)", arguments.block(channels(h), width, attends: attends))
        skips.append(h)
      }
    }
    return h
  }

  private mutating func decode(_ lowest: ValueID, _ embedding: ValueID, _ skips: inout [ValueID]) -> ValueID {
    var h = lowest
    for (level, multiplier) in common.channelMult.enumerated().reversed() {
      let side = common.imgResolution >> level
      let (name, width) = ("dec.\(side)x\(side)", channels(h))
      if level == common.channelMult.count - 1 {
        h = entry(h, embedding, "\(name)_in0", arguments.block(width, width, attends: true))
        h = entry(h, embedding, "\(name)_in1", arguments.block(width, width))
      } else {
        h = entry(h, embedding, "\(name)_up", arguments.block(width, width, up: true))
      }
      for index in 0...common.numBlocks {
        guard let skip = skips.popLast() else { break }
        let joined = graph.concatenate(h, skip)
        let attends = common.attnResolutions.contains(side)
        let shape = arguments.block(channels(joined), common.modelChannels * multiplier, attends: attends)
        h = entry(joined, embedding, "\(name)_block\(index)", shape)
      }
    }
    return h
  }
}
