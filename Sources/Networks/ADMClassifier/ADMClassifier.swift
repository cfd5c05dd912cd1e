import Basics
import Engine

/// The noisy classifier of guided-diffusion (`EncoderUNetModel`; Dhariwal and Nichol 2021, section 4): the way down of ADM's
/// U-Net and its middle, then one of four ways to pool. Configured under the original argument names.
public struct ADMClassifier: NoisyClassifier {
  public static let architecture = "adm-classifier"
  public static let version = 1
  public static let taps: Set<String> = []

  /// From pictures to logits; the original's `pool`.
  enum Pool: String, CaseIterable {
    /// Attention of the pixels' mean to the pixels.
    case attention
    /// The mean of the last picture's pixels, then a linear layer.
    case adaptive
    /// The means of every block's picture side by side, then two linear layers with a rectifier between them.
    case spatial
    /// The same with a norm and SiLU between them.
    case spatialNormed = "spatial_v2"

    /// Whether it looks at every block.
    var isSpatial: Bool { self == .spatial || self == .spatialNormed }
  }

  private let arguments: ADMUNetConfiguration
  private let pool: Pool

  public init(configuration: JSONValue) throws {
    var reader = try ConfigurationReader(configuration)
    arguments = ADMUNetConfiguration(&reader)
    pool = reader.choice("pool", default: Pool.adaptive)
    reader.forget("num_classes")
    try reader.finish()
    try arguments.check()
    guard pool != .attention || arguments.numHeadChannels != nil else {
      throw PlumbError("pooling by attention needs the width of its heads", kind: .input, at: "num_head_channels")
    }
  }

  public var configuration: JSONValue {
    var fields = arguments.canonical.object ?? [:]
    fields["num_classes"] = nil
    fields["num_heads_upsample"] = nil
    fields["pool"] = .text(pool.rawValue)
    return .object(fields)
  }

  public var image: ImageShape {
    ImageShape(channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
  }
  public var classCount: Int? { arguments.outChannels }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    let (arguments, pool) = (arguments, pool)
    var layers = ADMLayers(arguments)
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
    _ = layers.embedding()
    let labels = layers.graph.scalarInput("labels")
    var blocks = ADMUNetBlocks(arguments, layers) { layers, x, name, isUpward in
      layers.attention(x, name, heads: arguments.heads(width: layers.channels(x), isUpward: isUpward))
    }
    var means: ValueID?
    if pool.isSpatial {
      blocks.tap = { graph, _, value in
        let mean = graph.meanOfPixels(value)
        means = means.map { graph.concatenate($0, mean) } ?? mean
      }
    }
    let h = blocks.encode(x)
    layers = blocks.layers
    let logits = layers.logits(means ?? h, pool: pool)
    let flat = layers.graph.flattenCHW(logits)
    layers.graph.output("logits", flat)
    layers.graph.output("log_prob", layers.graph.logProbability(logits, at: labels))
    return try layers.graph.finish()
  }
}

extension ADMLayers {
  /// Width of the hidden layer of the spatial pools.
  static let hiddenWidth = 2048

  /// The logits as a picture of one pixel, from the last block's picture; for the spatial pools, from the means of all.
  fileprivate mutating func logits(_ h: ValueID, pool: ADMClassifier.Pool) -> ValueID {
    switch pool {
    case .attention: return attentionPool(graph.silu(norm(h, "out.0")), "out.2")
    case .adaptive: return convolution(graph.meanOfPixels(graph.silu(norm(h, "out.0"))), "out.3", width: classes, kernel: 1)
    case .spatial: return linear(graph.relu(linear(h, "out.0", width: Self.hiddenWidth)), "out.2", width: classes)
    case .spatialNormed: return linear(graph.silu(norm(linear(h, "out.0", width: Self.hiddenWidth), "out.1")), "out.3", width: classes)
    }
  }
}
