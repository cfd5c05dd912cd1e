import Basics

/// The arguments that both of EDM's networks have; they differ in some defaults.
struct EDMCommonArguments: Sendable, Hashable {
  let imgResolution, inChannels, outChannels: Int
  /// Classes; 0 for an unconditional network.
  let labelDim: Int
  let augmentDim, modelChannels: Int
  /// Width of every level in units of `modelChannels`.
  let channelMult: [Int]
  let channelMultEmb, numBlocks: Int
  /// Resolutions with attention.
  let attnResolutions: [Int]
  /// Both are off when a network is evaluated; kept because they belong to the configuration.
  let dropout, labelDropout: Double

  init(
    _ reader: inout ConfigurationReader, modelChannels: Int, channelMult: [Int], numBlocks: Int, attnResolutions: [Int]
  ) {
    imgResolution = reader.integer("img_resolution", in: 1...4096)
    inChannels = reader.integer("in_channels", in: 1...4096)
    outChannels = reader.integer("out_channels", in: 1...4096)
    labelDim = reader.integer("label_dim", in: 0...1_000_000, default: 0)
    augmentDim = reader.integer("augment_dim", in: 0...65536, default: 0)
    self.modelChannels = reader.integer("model_channels", in: 1...8192, default: modelChannels)
    self.channelMult = reader.integers("channel_mult", count: 1...12, in: 1...64, default: channelMult)
    channelMultEmb = reader.integer("channel_mult_emb", in: 1...64, default: 4)
    self.numBlocks = reader.integer("num_blocks", in: 0...64, default: numBlocks)
    let resolutions = reader.integers("attn_resolutions", count: 0...64, in: 1...4096, default: attnResolutions)
    self.attnResolutions = Set(resolutions).sorted(by: >)
    dropout = reader.number("dropout", in: 0...1, default: 0.1)
    labelDropout = reader.number("label_dropout", in: 0...1, default: 0)
  }

  /// All of them, defaults filled in.
  var canonical: [String: JSONValue] {
    [
      "img_resolution": JSONValue(imgResolution), "in_channels": JSONValue(inChannels), "out_channels": JSONValue(outChannels),
      "label_dim": JSONValue(labelDim), "augment_dim": JSONValue(augmentDim), "model_channels": JSONValue(modelChannels),
      "channel_mult": JSONValue(channelMult), "channel_mult_emb": JSONValue(channelMultEmb), "num_blocks": JSONValue(numBlocks),
      "attn_resolutions": JSONValue(attnResolutions), "dropout": .number(dropout), "label_dropout": .number(labelDropout),
    ]
  }

  var embChannels: Int { modelChannels * channelMultEmb }
  /// What the network takes.
  var image: ImageShape { ImageShape(channels: inChannels, side: imgResolution) }

  /// Throws when the pictures do not fit the levels.
  func check() throws {
    try ConfigurationReader.check(imgResolution, at: "img_resolution", canBeHalvedFor: channelMult.count)
  }
}
