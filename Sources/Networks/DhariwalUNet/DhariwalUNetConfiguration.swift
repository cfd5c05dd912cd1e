import Basics

/// The arguments of EDM's `DhariwalUNet` under their original names and with their original defaults: the ADM network
/// (Dhariwal and Nichol 2021) as Karras et al. 2022 rewrote it.
struct DhariwalUNetConfiguration: Sendable, Hashable {
  let common: EDMCommonArguments

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    common = EDMCommonArguments(
      &reader, modelChannels: 192, channelMult: [1, 2, 3, 4], numBlocks: 3, attnResolutions: [32, 16, 8])
    try reader.finish()
    try common.check()
    guard common.modelChannels % 2 == 0 else {
      throw PlumbError(
        "the noise embedding has two halves", kind: .input, at: "model_channels", expected: "an even number",
        found: "\(common.modelChannels)")
    }
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue { .object(common.canonical) }

  /// A block of this network: one head for every 64 channels, so none below that.
  func block(_ from: Int, _ to: Int, up: Bool = false, down: Bool = false, attends: Bool = false) -> EDMBlockArguments {
    EDMBlockArguments(inChannels: from, outChannels: to, embChannels: common.embChannels, up: up, down: down, attention: attends)
  }
}
