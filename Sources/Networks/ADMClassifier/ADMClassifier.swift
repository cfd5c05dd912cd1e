import Basics
import Engine

/// The noisy classifier of guided-diffusion (`EncoderUNetModel`; Dhariwal and Nichol 2021, section 4): the way down of ADM's
/// U-Net and its middle, then attention pooling. Configured under the original argument names.
///
/// Inputs: "x" `[N, in_channels, S, S]`, "timesteps" `[N]`, "labels" `[N]`. Outputs: "logits" `[N, out_channels]` and
/// "log_prob" `[N]`, the log probability of the label. `guidanceGraph()` adds its gradient.
public struct ADMClassifier: Network {
  public static let architecture = "adm-classifier"
  public static let version = 1
  public static let role = NetworkRole.classifier
  public static let taps: Set<String> = []

  private let arguments: ADMUNetConfiguration

  /// Throws for a pooling other than attention.
  public init(configuration: JSONValue) throws {
    guard var fields = configuration.object else {
      throw PlumbError("a network's configuration is an object of named arguments", kind: .input, at: "configuration")
    }
    let pool = fields.removeValue(forKey: "pool") ?? "adaptive"
    guard pool == "attention" else {
      throw PlumbError(
        "only pooling by attention is supported", kind: .input, at: "pool", expected: "attention",
        found: String(decoding: pool.encoded(), as: UTF8.self))
    }
    guard fields["num_classes"] == nil else {
      throw PlumbError("unknown argument of the network", kind: .input, at: "num_classes")
    }
    arguments = try ADMUNetConfiguration(.object(fields))
    guard arguments.numHeadChannels != nil else {
      throw PlumbError("pooling by attention needs the width of its heads", kind: .input, at: "num_head_channels")
    }
  }

  public var configuration: JSONValue {
    var fields = arguments.canonical.object ?? [:]
    fields["num_classes"] = nil
    fields["num_heads_upsample"] = nil
    fields["pool"] = "attention"
    return .object(fields)
  }

  public var image: ImageShape {
    ImageShape(channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
  }
  public var outputChannels: Int { 0 }
  public var classCount: Int? { arguments.outChannels }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    let arguments = arguments
    var layers = ADMLayers(arguments)
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
    _ = layers.embedding()
    let labels = layers.graph.scalarInput("labels")
    var blocks = ADMUNetBlocks(arguments, layers) { layers, x, name, isUpward in
      layers.attention(x, name, heads: arguments.heads(width: layers.channels(x), isUpward: isUpward))
    }
    let h = blocks.encode(x)
    let logits = blocks.layers.attentionPool(blocks.layers.graph.silu(blocks.layers.norm(h, "out.0")), "out.2")
    let flat = blocks.layers.graph.flattenCHW(logits)
    blocks.layers.graph.output("logits", flat)
    blocks.layers.graph.output("log_prob", blocks.layers.graph.logProbability(logits, at: labels))
    return try blocks.layers.graph.finish()
  }

  /// The graph with the further output "gradient" `[N, in_channels, S, S]`: of the log probability with respect to "x".
  public func guidanceGraph() throws -> Graph { try graph().gradient(of: "log_prob", withRespectTo: "x", named: "gradient") }
}
