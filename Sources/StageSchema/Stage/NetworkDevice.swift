public import Basics

/// What networks run on, as far as planning must know it. Planning hands it from whoever chose it to the stages that tell their
/// cost; the runtime has the device itself behind it.
public protocol NetworkDevice: Sendable {
  /// The word for messages, such as "cpu".
  var name: String { get }

  /// What it runs on here, for people.
  var about: String { get }

  /// What can change the bits of its results; `furtherProbes` are digests of fixed runs of what computes beside it.
  func profile(furtherProbes: [String: Digest]) throws -> NumericsProfile

  /// What one graph of a network takes, found without its weights. Asked for every cell: the same network is looked at once.
  func cost(of recipe: NetworkRecipe) throws -> NetworkCost
}

/// Which graph of which network, in words that need no network.
public struct NetworkRecipe: Sendable, Hashable {
  public let architecture: String
  /// Canonical: every argument of the constructor, defaults filled in.
  public let configuration: JSONValue
  /// The graph: the network itself, one side of an autoencoder, a classifier with its gradient.
  public let part: String

  public init(architecture: String, configuration: JSONValue, part: String) {
    (self.architecture, self.configuration, self.part) = (architecture, configuration, part)
  }
}

/// What a network takes on a device.
public struct NetworkCost: Sendable, Hashable {
  /// Samples of one call.
  public let batch: Int
  /// Floating point operations of one evaluation, counted as a direct computation.
  public let flopsPerEvaluation: Int
  public let memory: NetworkMemory

  public init(batch: Int, flopsPerEvaluation: Int, memory: NetworkMemory) {
    (self.batch, self.flopsPerEvaluation, self.memory) = (batch, flopsPerEvaluation, memory)
  }

  /// The same with weights of this origin: other weights of one graph take their own memory.
  public func with(weightsOf origin: Digest?) -> NetworkCost {
    guard let origin else { return self }
    let identity = CanonicalValue.list([.digest(memory.identity), .digest(origin)]).digest
    let memory = NetworkMemory(identity: identity, weightBytes: memory.weightBytes, arenaBytes: memory.arenaBytes)
    return NetworkCost(batch: batch, flopsPerEvaluation: flopsPerEvaluation, memory: memory)
  }
}
