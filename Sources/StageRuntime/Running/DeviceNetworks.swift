public import Basics
public import Engine
public import Networks
public import StageSchema
import Synchronization

/// A device and the networks made ready for it: each is compiled once, whether it is planned, run or both.
public final class DeviceNetworks: NetworkDevice {
  public let device: any Device
  private let compiled = Mutex<[NetworkRecipe: Compiled]>([:])

  private struct Compiled {
    let network: any CompiledNetwork
    let cost: NetworkCost
  }

  public init(_ device: any Device) { self.device = device }

  public var name: String { device.name }
  public var about: String { device.about }

  public func profile(furtherProbes: [String: Digest]) throws -> NumericsProfile { try device.profile(furtherProbes: furtherProbes) }

  public func cost(of recipe: NetworkRecipe) throws -> NetworkCost { try compiled(recipe).cost }

  /// A part of a network, compiled for the batch the device chooses.
  func compiled(_ network: any Network, _ part: NetworkPart) throws -> any CompiledNetwork {
    try compiled(NetworkRecipe(network, part)).network
  }

  private func compiled(_ recipe: NetworkRecipe) throws -> Compiled {
    try compiled.withLock { compiled in
      if let found = compiled[recipe] { return found }
      guard let part = NetworkPart(rawValue: recipe.part) else { throw PlumbError("a network has no such part", found: recipe.part) }
      let description = NetworkDescription(architecture: recipe.architecture, configuration: recipe.configuration)
      let network = try device.compile(part.graph(of: description.network()), batch: nil)
      let memory = NetworkMemory(
        identity: Digest(of: description.json.encoded() + Array(part.rawValue.utf8)), weightBytes: network.weightBytes,
        arenaBytes: network.arenaBytes)
      let found = Compiled(
        network: network, cost: NetworkCost(batch: network.batch, flopsPerEvaluation: network.graph.flopsPerSample, memory: memory))
      compiled[recipe] = found
      return found
    }
  }
}

extension NetworkRecipe {
  init(_ network: any Network, _ part: NetworkPart) {
    self.init(architecture: type(of: network).architecture, configuration: network.configuration, part: part.rawValue)
  }
}

extension FactInputs {
  /// What a part of the network that comes in at `port` takes on the device of the run.
  public func cost(of network: any Network, _ part: NetworkPart = .network, at port: String) throws -> NetworkCost {
    try device.cost(of: NetworkRecipe(network, part)).with(weightsOf: origins[port])
  }
}
