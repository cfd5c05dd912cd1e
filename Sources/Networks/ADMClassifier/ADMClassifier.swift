public import Basics
public import Engine

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

  public var image: ImageShape { arguments.image }
  public var classCount: Int? { arguments.outChannels }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = ADMLayers(arguments)
    let x = layers.input(image)
    _ = layers.embed()
    let labels = layers.graph.scalarInput("labels")
    var means: ValueID?
    if pool.isSpatial {
      layers.each = { layers, _, value in
        let mean = layers.graph.meanOfPixels(value)
        means = means.map { layers.graph.concatenate($0, mean) } ?? mean
      }
    }
    let h = layers.encode(x)
    let logits = layers.logits(means ?? h, pool: pool)
    layers.graph.output("logits", layers.graph.flattenCHW(logits))
    layers.graph.output("log_prob", layers.graph.logProbability(logits, at: labels))
    return try layers.finish()
  }
}

extension ADMLayers {
  /// Width of the hidden layer of the spatial pools.
  private static let hiddenWidth = 2048

  /// The logits as a picture of one pixel, from the last block's picture; for the spatial pools, from the means of all.
  fileprivate mutating func logits(_ h: ValueID, pool: ADMClassifier.Pool) -> ValueID {
    let (out, classes): (ParameterScope, Int) = ("out", arguments.outChannels)
    switch pool {
    case .attention: return attentionPool(activatedNorm(h, out["0"]), out["2"])
    case .adaptive: return convolution(graph.meanOfPixels(activatedNorm(h, out["0"])), out["3"], width: classes, kernel: 1)
    case .spatial: return linear(graph.relu(linear(h, out["0"], width: Self.hiddenWidth)), out["2"], width: classes)
    case .spatialNormed: return linear(activatedNorm(linear(h, out["0"], width: Self.hiddenWidth), out["1"]), out["3"], width: classes)
    }
  }

  /// `AttentionPool2d`: the tokens of a picture with their mean in front attend to each other; the mean's result is projected
  /// to `out_channels`, a picture of one pixel. Heads lie in the new order, whatever the other layers do.
  private mutating func attentionPool(_ x: ValueID, _ name: ParameterScope) -> ValueID {
    let (width, pixels) = (channels(x), graph.shape(x).pixels)
    let tokens = graph.tokenPool(x, positions: name.parameter("positional_embedding", [width, pixels + 1]))
    let qkv = pointwise(tokens, name["qkv_proj"], width: 3 * width, form: .convolution1D)
    let attended = graph.attention(qkv, heads: arguments.heads(width: width, isUpward: false), order: .partsThenHeads)
    return pointwise(graph.firstPixel(attended), name["c_proj"], width: arguments.outChannels, form: .convolution1D)
  }
}
