public import Basics
public import Checkpoints
public import Engine

/// The digits classifier: 64 features for the Fréchet distance "FD-digits", and the logits of ten classes for the class
/// score. It has no options.
///
/// Input: "x" `[N, 1, 8, 8]`, byte pictures mapped to [-1, 1] by `x / 127.5 - 1`. Outputs: "features" `[N, 64]`, before their
/// ReLU (behind it half of them would be constant and the covariance singular), and "logits" `[N, 10]`.
public struct DigitsFeatures: Network {
  public static let architecture = "digits-features"
  public static let version = 1
  public static let role = NetworkRole.features
  public static let taps: Set<String> = []

  public init(configuration: JSONValue) throws {
    try ConfigurationReader(configuration).finish()
  }

  /// It has no options, so a file holds it when its tensors are these and no others.
  public static func recognise(_ source: any TensorSource) throws -> Recognition? {
    let own = try Self(configuration: [:]).parameters()
    let shapes = CheckpointShapes(source)
    guard shapes.names.count == own.count, own.allSatisfy({ shapes[$0.name] == $0.shape }) else { return nil }
    return Recognition(configuration: [:])
  }

  public let configuration: JSONValue = [:]
  public let image = ImageShape(channels: 1, height: 8, width: 8)
  public let outputChannels = 0
  public let classCount: Int? = nil

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = PlainLayers()
    var h = layers.graph.relu(layers.convolution(layers.input(image), "conv1", width: 32))
    h = layers.graph.maxPool2x2(layers.graph.relu(layers.convolution(h, "conv2", width: 32)))
    h = layers.graph.maxPool2x2(layers.graph.relu(layers.convolution(h, "conv3", width: 64)))
    let features = layers.linear(layers.graph.flattenCHW(h), "fc1", width: 64)
    layers.graph.output("features", features)
    layers.graph.output("logits", layers.linear(layers.graph.relu(features), "fc2", width: 10))
    return try layers.finish()
  }
}
