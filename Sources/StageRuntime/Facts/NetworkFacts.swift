public import ArtifactStore
import Basics
package import Diffusion
import Engine
public import Networks
public import StageSchema

/// A network with the noise process it was trained on.
public struct NetworkFacts: PortFacts {
  public let network: any Network
  public let process: TrainedProcess
  /// What turns pictures into what the network sees, for a network of latents.
  public let firstStage: (any FirstStage)?
  /// The betas of a process over timesteps, for all cells that the network flows into; nil when there are none.
  private let chain: TrainingChain?

  public init(network: any Network, process: TrainedProcess, firstStage: (any FirstStage)? = nil) {
    self.network = network
    self.process = process
    self.firstStage = firstStage
    chain = process.kind == .discrete ? try? process.chain() : nil
  }

  /// Reads them back from an artifact.
  public init(_ artifact: Artifact) throws {
    self.init(
      network: try NetworkPart.network.description(in: artifact.facts).network(),
      process: try TrainedProcess(json: artifact.facts["process"] ?? .null),
      firstStage: artifact.facts["first_stage"] == nil ? nil : try FirstStageFacts(artifact).network)
  }

  /// The chain the network was trained on. Throws for a process that contradicts itself, or has none.
  package func trainingChain() throws -> TrainingChain { try chain ?? process.chain() }

  /// The pictures that come of sampling.
  public var picture: ImageShape { firstStage?.image ?? network.image }
}

/// A first stage on its own.
public struct FirstStageFacts: PortFacts {
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
public struct ClassifierFacts: PortFacts {
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
public struct FeatureFacts: PortFacts {
  public let network: any Network
  public let description: NetworkDescription
  /// The vectors it gives of an image, by the output's name, with their widths.
  public let vectors: [String: Int]

  /// Builds the network's graph.
  public init(network: any Network) throws {
    self.network = network
    description = NetworkDescription(network)
    vectors = try Self.vectors(of: network)
  }

  /// The graph's outputs that are vectors, with their widths.
  public static func vectors(of network: any Network) throws -> [String: Int] {
    var vectors: [String: Int] = [:]
    for output in try network.graph(taps: []).outputs {
      if case .vector(let width) = output.shape { vectors[output.name] = width }
    }
    return vectors
  }
}
