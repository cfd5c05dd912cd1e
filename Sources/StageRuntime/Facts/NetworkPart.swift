import ArtifactStore
import Basics
import Engine
import Networks

/// Which graph of an artifact's networks runs.
public enum NetworkPart: String, Sendable, Hashable {
  /// The network itself.
  case network
  /// From pictures to latents, of the first stage.
  case encoder
  /// From latents to pictures, of the first stage.
  case decoder
  /// A classifier with its gradient.
  case guidance

  /// The graph of this part; throws when the network has no such part.
  func graph(of network: any Network) throws -> Graph {
    switch self {
    case .network: return try network.graph(taps: [])
    case .guidance:
      guard let classifier = network as? any NoisyClassifier else {
        throw PlumbError("\(type(of: network).architecture) is no classifier of noisy images")
      }
      return try classifier.guidanceGraph()
    case .encoder: return try firstStage(network).encoderGraph()
    case .decoder: return try firstStage(network).decoderGraph()
    }
  }

  private func firstStage(_ network: any Network) throws -> any FirstStage {
    guard let stage = network as? any FirstStage else {
      throw PlumbError("\(type(of: network).architecture) is no first stage")
    }
    return stage
  }

  /// The part of an artifact that holds the weights.
  public var weights: String { isFirstStage ? "first-stage" : "weights" }

  private var isFirstStage: Bool { self == .encoder || self == .decoder }

  /// The description of the network in an artifact's facts.
  func description(in facts: JSONValue) throws -> NetworkDescription {
    try NetworkDescription(json: isFirstStage ? facts["first_stage"] ?? .null : facts)
  }
}
