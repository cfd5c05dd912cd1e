import ArtifactStore
import Basics
import Networks
import StageKit

/// Reads a network whose activations are features, for Fréchet distances.
struct LoadFeatures: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-features", version: 1, doc: "Reads a feature network for Fréchet distances.", inputs: [],
    outputs: [OutputPort("features", .features, doc: "The feature network.")],
    parameters: OutsideFile.fields + [
      ParameterField("architecture", .choice(NetworkReading.featureArchitectures), doc: "Which network the checkpoint holds."),
      ParameterField("config", .open, optional: true, doc: "Arguments of the network's constructor; none for most feature networks."),
    ])

  let file: OutsideFile
  let reading: NetworkReading

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters)
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let network = try reading.network()
    if file.pinned == nil || file.exists { try reading.checkHeader(network, file) }
    return StageInference(
      outputs: ["features": .features(FeatureFacts(network: network))], versions: reading.versions(network),
      files: ["file": try file.digest()], unkeyed: ["file", "sha256"])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { try reading.cost() }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let object = try reading.adopt(file, process: nil, in: context)
    let facts = NetworkDescription(try reading.network()).json
    return ["features": Artifact(type: PortType.features.rawValue, parts: [object], facts: facts)]
  }
}
