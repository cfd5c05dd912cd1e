import ArtifactStore
import Basics
import Networks
import StageRuntime
import StageSchema

/// Reads a network whose activations are features, for Fréchet distances.
struct LoadFeatures: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-features", version: 1, doc: "Reads a feature network for Fréchet distances.", inputs: [],
    outputs: [OutputPort("features", .features, doc: "The feature network.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.features))

  let file: OutsideFile
  let reading: NetworkReading

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .features)
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    let network = try reading.resolve(file).network
    return StageInference(
      outputs: ["features": try FeatureFacts(network: network)], versions: reading.versions(network),
      files: [OutsideFile.name: try file.digest()], unkeyed: OutsideFile.unkeyed, meant: reading.meaning(of: network))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { try reading.cost(reading.resolve(file.planned(inputs)).network) }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.opened(inputs, in: context)
    let network = try reading.resolve(file).network
    let part = Artifact.Part(name: "weights", object: try reading.adopt(network, from: file, in: context))
    return [
      "features": Artifact(type: PortType.features.rawValue, parts: [part], facts: NetworkDescription(network).json)
    ]
  }
}
