import ArtifactStore
import Basics
import Networks

/// What is known of an artifact before it exists: enough to refuse a wrong edge, to plan and to count.
public enum PortFacts: Sendable {
  case network(NetworkFacts)
  case features(FeatureFacts)
  case firstStage(FirstStageFacts)
  case classifier(ClassifierFacts)
  case dataset(DatasetFacts)
  case samples(SampleFacts)
  case curve
  case scores
  case table
}

/// A network with the noise process it was trained on.
public struct NetworkFacts: Sendable {
  public let network: any Network
  public let process: TrainedProcess
  /// What turns pictures into what the network sees, for a network of latents.
  public let firstStage: (any FirstStage)?

  public init(network: any Network, process: TrainedProcess, firstStage: (any FirstStage)? = nil) {
    self.network = network
    self.process = process
    self.firstStage = firstStage
  }

  /// Reads them back from an artifact.
  public init(_ artifact: Artifact) throws {
    network = try NetworkPart.network.description(in: artifact.facts).network()
    process = try TrainedProcess(json: artifact.facts["process"] ?? .null)
    firstStage = artifact.facts["first_stage"] == nil ? nil : try FirstStageFacts(artifact).network
  }

  /// The pictures that come of sampling.
  public var picture: ImageShape { firstStage?.image ?? network.image }
}

/// A first stage on its own.
public struct FirstStageFacts: Sendable {
  public let network: any FirstStage

  public init(network: any FirstStage) { self.network = network }

  /// Reads them back from an artifact that carries a first stage.
  public init(_ artifact: Artifact) throws {
    guard let stage = try NetworkPart.decoder.description(in: artifact.facts).network() as? any FirstStage else {
      throw PlumbError("the artifact has no first stage")
    }
    network = stage
  }
}

/// A classifier of noisy images, with the timesteps it was trained on.
public struct ClassifierFacts: Sendable {
  public let network: any NoisyClassifier
  /// T of the process it was trained on.
  public let steps: Int
  /// The beta schedule it was trained on, where the pipeline says it.
  public let schedule: String?

  public init(network: any NoisyClassifier, steps: Int, schedule: String?) {
    self.network = network
    self.steps = steps
    self.schedule = schedule
  }

  /// Reads them back from an artifact.
  public init(_ artifact: Artifact) throws {
    guard let network = try NetworkPart.guidance.description(in: artifact.facts).network() as? any NoisyClassifier,
      let steps = artifact.facts["process"]?["diffusion_steps"]?.integer
    else { throw PlumbError("the artifact has no classifier") }
    self.init(network: network, steps: steps, schedule: artifact.facts["process"]?["noise_schedule"]?.text)
  }

  public var classes: Int { network.classCount ?? 0 }
}

/// A network whose activations are features.
public struct FeatureFacts: Sendable {
  public let network: any Network

  public init(network: any Network) { self.network = network }
}

public struct DatasetFacts: Sendable, Hashable {
  public let count: Int
  public let image: ImageShape
  /// Whether they are latents of a first stage, in floats, and not pictures.
  public let areLatents: Bool

  public init(count: Int, image: ImageShape, areLatents: Bool = false) {
    self.count = count
    self.image = image
    self.areLatents = areLatents
  }

  /// Bytes in memory.
  public var byteCount: Int { count * image.count * (areLatents ? 4 : 1) }
}

public struct SampleFacts: Sendable, Hashable {
  public let count: Int
  public let image: ImageShape

  public init(count: Int, image: ImageShape) {
    self.count = count
    self.image = image
  }
}

/// The facts that flow into a stage, port by port; a gathered port carries one item per gathered cell.
public struct FactInputs: Sendable {
  public let items: [String: [PortFacts]]
  /// The folder in which files that a pipeline names by address are looked for; nothing is fetched into it while planning.
  public let downloads: String

  public init(_ items: [String: [PortFacts]], downloads: String = "") {
    self.items = items
    self.downloads = downloads
  }

  public func network(_ port: String) throws -> NetworkFacts {
    guard case .network(let facts)? = items[port]?.first else { throw missing(port, "network") }
    return facts
  }

  /// The first stage on a port that carries one, alone or with its network; nil when the port is not connected.
  public func firstStage(_ port: String) -> (any FirstStage)? {
    switch items[port]?.first {
    case .firstStage(let facts): facts.network
    case .network(let facts): facts.firstStage
    default: nil
    }
  }

  /// The classifier on an optional port; nil when it is not connected.
  public func classifier(_ port: String) -> ClassifierFacts? {
    if case .classifier(let facts)? = items[port]?.first { facts } else { nil }
  }

  public func features(_ port: String) throws -> FeatureFacts {
    guard case .features(let facts)? = items[port]?.first else { throw missing(port, "features") }
    return facts
  }

  public func dataset(_ port: String) throws -> DatasetFacts {
    guard case .dataset(let facts)? = items[port]?.first else { throw missing(port, "dataset") }
    return facts
  }

  public func samples(_ port: String) throws -> SampleFacts {
    guard case .samples(let facts)? = items[port]?.first else { throw missing(port, "samples") }
    return facts
  }

  private func missing(_ port: String, _ expected: String) -> StageIssue {
    StageIssue(.input(port), "input \(port) carries nothing usable", expected: expected)
  }
}
