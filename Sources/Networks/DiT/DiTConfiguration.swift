import Basics

/// The arguments of `DiT`'s constructor, under their original names and with their original defaults, which are those of
/// DiT-XL/2.
struct DiTConfiguration: Sendable, Hashable {
  /// Rows and columns of the latents.
  let inputSize: Int
  /// Rows and columns of the latents that make one token.
  let patchSize: Int
  let inChannels: Int
  /// Width of a token.
  let hiddenSize: Int
  /// Blocks.
  let depth: Int
  let numHeads: Int
  /// Width of a block's inner layer in units of `hiddenSize`.
  let mlpRatio: Double
  /// Above 0 the table of classes has a row for none, its last.
  let classDropoutProb: Double
  let numClasses: Int
  /// The output has as many channels again, for the variance.
  let learnSigma: Bool

  static let depthLimit = 256
  /// What `hiddenSize` may be.
  static let widths = 4...65536
  /// Numbers the timestep is told in, before any layer.
  static let frequencies = 256

  var outputChannels: Int { learnSigma ? 2 * inChannels : inChannels }
  /// Tokens in a row.
  var side: Int { inputSize / patchSize }
  var mlpWidth: Int { Int(Double(hiddenSize) * mlpRatio) }
  var tableRows: Int { numClasses + (classDropoutProb > 0 ? 1 : 0) }

  init(_ value: JSONValue) throws {
    var reader = try ConfigurationReader(value)
    inputSize = reader.integer("input_size", in: 1...4096, default: 32)
    patchSize = reader.integer("patch_size", in: 1...8, default: 2)
    inChannels = reader.integer("in_channels", in: 1...4096, default: 4)
    hiddenSize = reader.integer("hidden_size", in: Self.widths, default: 1152)
    depth = reader.integer("depth", in: 0...Self.depthLimit, default: 28)
    numHeads = reader.integer("num_heads", in: 1...4096, default: 16)
    mlpRatio = reader.number("mlp_ratio", in: 0.001...16, default: 4)
    classDropoutProb = reader.number("class_dropout_prob", in: 0...1, default: 0.1)
    numClasses = reader.integer("num_classes", in: 1...1_000_000, default: 1000)
    learnSigma = reader.flag("learn_sigma", default: true)
    try reader.finish()
    guard inputSize % patchSize == 0 else { throw Self.wrong("input_size", "a multiple of patch_size, \(patchSize)", inputSize) }
    guard hiddenSize % 4 == 0 else { throw Self.wrong("hidden_size", "a multiple of 4: sines and cosines of column and row", hiddenSize) }
    guard hiddenSize % numHeads == 0 else { throw Self.wrong("num_heads", "a divisor of hidden_size, \(hiddenSize)", numHeads) }
    guard mlpWidth > 0 else { throw Self.wrong("mlp_ratio", "at least 1 / hidden_size", mlpWidth) }
  }

  private static func wrong(_ name: String, _ expected: String, _ found: Int) -> PlumbError {
    PlumbError("wrong value of the network's argument", kind: .input, at: name, expected: expected, found: "\(found)")
  }

  /// All arguments with their defaults filled in.
  var canonical: JSONValue {
    [
      "input_size": JSONValue(inputSize), "patch_size": JSONValue(patchSize), "in_channels": JSONValue(inChannels),
      "hidden_size": JSONValue(hiddenSize), "depth": JSONValue(depth), "num_heads": JSONValue(numHeads), "mlp_ratio": .number(mlpRatio),
      "class_dropout_prob": .number(classDropoutProb), "num_classes": JSONValue(numClasses), "learn_sigma": .bool(learnSigma),
    ]
  }
}
