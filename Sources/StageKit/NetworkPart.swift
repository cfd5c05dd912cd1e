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

  /// The graph of this part; throws when a coder is asked of something that is no first stage.
  func graph(of network: any Network) throws -> Graph {
    guard self != .network else { return try network.graph(taps: []) }
    guard let stage = network as? any FirstStage else {
      throw PlumbError("\(type(of: network).architecture) is no first stage")
    }
    return self == .encoder ? try stage.encoderGraph() : try stage.decoderGraph()
  }

  /// The part of an artifact that holds the weights.
  public var weights: String { self == .network ? "weights" : "first-stage" }

  /// The description of the network in an artifact's facts.
  func description(in facts: JSONValue) throws -> NetworkDescription {
    try NetworkDescription(json: self == .network ? facts : facts["first_stage"] ?? .null)
  }
}
