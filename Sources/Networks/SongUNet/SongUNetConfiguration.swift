import Basics

/// The arguments of EDM's `SongUNet` under their original names and with their original defaults: DDPM++ and NCSN++ (Song et
/// al. 2021) as Karras et al. 2022 rewrote them.
struct SongUNetConfiguration: Sendable, Hashable {
  enum Embedding: String, CaseIterable { case positional, fourier }
  enum Encoder: String, CaseIterable { case standard, skip, residual }
  enum Decoder: String, CaseIterable { case standard, skip }

  let common: EDMCommonArguments
  let embeddingType: Embedding
  let channelMultNoise: Int
  let encoderType: Encoder
  let decoderType: Decoder
  let resampleFilter: [Double]

  var noiseChannels: Int { common.modelChannels * channelMultNoise }

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    common = EDMCommonArguments(&reader, modelChannels: 128, channelMult: [1, 2, 2, 2], numBlocks: 4, attnResolutions: [16])
    embeddingType = reader.choice("embedding_type", default: Embedding.positional)
    channelMultNoise = reader.integer("channel_mult_noise", in: 1...64, default: 1)
    encoderType = reader.choice("encoder_type", default: Encoder.standard)
    decoderType = reader.choice("decoder_type", default: Decoder.standard)
    resampleFilter = reader.filter("resample_filter")
    try reader.finish()
    try common.check()
    // f_k divides by half the width minus one.
    guard noiseChannels % 2 == 0, embeddingType == .fourier || noiseChannels >= 4 else {
      throw PlumbError(
        "the noise embedding has two halves", kind: .input, at: "model_channels",
        expected: "an even model_channels * channel_mult_noise of 4 or more", found: "\(noiseChannels)")
    }
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue {
    let own: [String: JSONValue] = [
      "embedding_type": .text(embeddingType.rawValue), "channel_mult_noise": JSONValue(channelMultNoise),
      "encoder_type": .text(encoderType.rawValue), "decoder_type": .text(decoderType.rawValue),
      "resample_filter": .list(resampleFilter.map { Int64(exactly: $0).map(JSONValue.integer) ?? .number($0) }),
    ]
    return .object(common.canonical.merging(own) { $1 })
  }

  /// A block of this network.
  func block(_ from: Int, _ to: Int, up: Bool = false, down: Bool = false, attends: Bool = false) -> EDMBlockArguments {
    EDMBlockArguments(
      inChannels: from, outChannels: to, embChannels: common.embChannels, up: up, down: down, attention: attends, numHeads: 1,
      skipScale: 0.5.squareRoot(), eps: Self.epsilon, resampleFilter: resampleFilter, resampleProj: true, adaptiveScale: false)
  }

  /// Of every group norm.
  static let epsilon = 1e-6
}
