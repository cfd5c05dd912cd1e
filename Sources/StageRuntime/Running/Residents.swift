import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageSchema
import Synchronization

/// A network ready to run: compiled for one batch, weights packed.
public struct ResidentNetwork: Sendable {
  public let network: any Network
  public let compiled: CompiledNetwork
  public let weights: NetworkWeights
  public let batch: Int
}

/// What the lanes of one execution share in memory: networks and datasets, each loaded once.
public final class Residents: Sendable {
  private let mode: NumericsMode
  private struct Key: Hashable {
    let artifact: Digest
    let part: NetworkPart
  }

  private let loaded = Mutex<[Key: ResidentNetwork]>([:])
  private let datasets = Mutex<[Digest: ResidentDataset]>([:])

  public init(mode: NumericsMode) { self.mode = mode }

  /// A network of an artifact, read from the store at first use. Lanes that ask while it is being read wait for it.
  public func network(_ artifact: Artifact, _ part: NetworkPart, store: ArtifactStore) throws -> ResidentNetwork {
    try loaded.withLock { loaded in
      let key = Key(artifact: artifact.digest, part: part)
      if let found = loaded[key] { return found }
      let network = try part.description(in: artifact.facts).network()
      let compiled = try CompiledNetworks.compiled(network, part, mode: mode)
      let source = try SafetensorsFile(store.open(artifact.part(part.weights)))
      let weights = try NetworkWeights(graph: part.graph(of: network), source: source, mode: mode)
      let resident = ResidentNetwork(network: network, compiled: compiled.network, weights: weights, batch: compiled.batch)
      loaded[key] = resident
      return resident
    }
  }

  /// The images of a dataset artifact.
  public func dataset(_ artifact: Artifact, store: ArtifactStore) throws -> ResidentDataset {
    try datasets.withLock { datasets in
      if let found = datasets[artifact.digest] { return found }
      let dataset = try ResidentDataset(artifact, store: store)
      datasets[artifact.digest] = dataset
      return dataset
    }
  }
}

/// Networks compiled in this process, by architecture and configuration: planning and running share them.
public enum CompiledNetworks {
  private static let known = Mutex<[Digest: (network: CompiledNetwork, batch: Int)]>([:])

  /// The network compiled for the batch a lane runs it with.
  public static func compiled(
    _ network: any Network, _ part: NetworkPart = .network, mode: NumericsMode
  ) throws -> (network: CompiledNetwork, batch: Int) {
    let identity = identity(network, part, mode.rawValue)
    return try known.withLock { known in
      if let found = known[identity] { return found }
      let graph = try part.graph(of: network)
      let batch = laneBatch(flopsPerSample: graph.flopsPerSample)
      let compiled = (network: try CompiledNetwork(graph: graph, batch: batch, mode: mode), batch: batch)
      known[identity] = compiled
      return compiled
    }
  }

  /// The memory of a network in use.
  public static func memory(_ network: any Network, _ part: NetworkPart = .network, mode: NumericsMode) throws -> NetworkMemory {
    let compiled = try compiled(network, part, mode: mode).network
    return NetworkMemory(identity: identity(network, part, ""), weightBytes: compiled.weightBytes, arenaBytes: compiled.arenaBytes)
  }

  private struct Subject: Hashable {
    let network: NetworkDescription
    let part: NetworkPart
    let mode: String
  }

  private static let identities = Mutex<[Subject: Digest]>([:])

  private static func identity(_ network: any Network, _ part: NetworkPart, _ mode: String) -> Digest {
    let subject = Subject(network: NetworkDescription(network), part: part, mode: mode)
    return identities.withLock { identities in
      if let found = identities[subject] { return found }
      let digest = Digest(of: subject.network.json.encoded() + Array("\(part.rawValue) \(mode)".utf8))
      identities[subject] = digest
      return digest
    }
  }

  /// Enough samples in a call to make it about half a GFLOP, so that the cost of starting an operation does not show,
  /// but few for big networks, whose activations should stay near the cache, and one at a time for those whose pictures
  /// alone fill it.
  static func laneBatch(flopsPerSample: Int) -> Int {
    if flopsPerSample > 40_000_000_000 { return 1 }
    var batch = 4
    while batch < 32 && batch * flopsPerSample < 500_000_000 { batch *= 2 }
    return batch
  }
}
