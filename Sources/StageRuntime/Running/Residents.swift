public import ArtifactStore
package import Basics
import Checkpoints
public import Engine
public import Networks
public import StageSchema
import Synchronization

/// A network ready to run, its weights on the device.
public struct ResidentNetwork: Sendable {
  public let network: any Network
  public let loaded: any LoadedNetwork
  /// Most samples of one run.
  public var batch: Int { loaded.network.batch }
}

/// What the lanes of one execution share in memory: networks and datasets, each loaded once.
public final class Residents: Sendable {
  private let device: any NetworkDevice
  private struct Key: Hashable {
    let artifact: Digest
    let part: NetworkPart
  }

  private let loaded = Mutex<[Key: ResidentNetwork]>([:])
  private let datasets = Mutex<[Digest: ResidentDataset]>([:])

  public init(on device: any NetworkDevice) { self.device = device }

  /// A network of an artifact, read from the store at first use. Lanes that ask while it is being read wait for it. Throws when
  /// the device can only be planned for.
  public func network(_ artifact: Artifact, _ part: NetworkPart, store: ArtifactStore) throws -> ResidentNetwork {
    try loaded.withLock { loaded in
      let key = Key(artifact: artifact.digest, part: part)
      if let found = loaded[key] { return found }
      guard let networks = device as? DeviceNetworks else {
        throw PlumbError("networks cannot run on this device, only be planned for it", kind: .input, found: device.name)
      }
      let network = try part.description(in: artifact.facts).network()
      let source = try SafetensorsFile(store.open(artifact.part(part.weights)))
      let resident = ResidentNetwork(network: network, loaded: try networks.compiled(network, part).load(source))
      loaded[key] = resident
      return resident
    }
  }

  /// Gives back the memory of artifacts; one that is asked for again is read again. Whether there was any.
  package func letGo(_ artifacts: Set<Digest>) -> Bool {
    let networks = loaded.withLock { loaded in
      let before = loaded.count
      loaded = loaded.filter { !artifacts.contains($0.key.artifact) }
      return before - loaded.count
    }
    return datasets.withLock { datasets in
      let before = datasets.count
      datasets = datasets.filter { !artifacts.contains($0.key) }
      return networks + before - datasets.count > 0
    }
  }

  /// Whether a network of an artifact is in memory.
  func holds(_ artifact: Digest, _ part: NetworkPart) -> Bool {
    loaded.withLock { $0[Key(artifact: artifact, part: part)] != nil }
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
