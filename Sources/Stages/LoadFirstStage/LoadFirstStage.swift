import ArtifactStore
import Basics
import Networks
import StageRuntime
import StageSchema

/// Reads the autoencoder of a latent diffusion model that its authors publish in a file of its own.
struct LoadFirstStage: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-first-stage", version: 1, doc: "Reads the autoencoder between pictures and latents.", inputs: [],
    outputs: [OutputPort("first-stage", .firstStage, doc: "Encoder and decoder, and the factor of the latents.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.firstStage))

  private let file: OutsideFile
  private let reading: NetworkReading

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .firstStage)
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    let stage = try firstStage(file)
    return StageInference(
      outputs: ["first-stage": FirstStageFacts(network: stage)], versions: reading.versions(stage),
      files: [OutsideFile.name: try file.digest()], unkeyed: OutsideFile.unkeyed, meant: reading.meaning(of: stage))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { try reading.cost(firstStage(file.planned(inputs))) }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.opened(inputs, in: context)
    let stage = try firstStage(file)
    let part = Artifact.Part(name: NetworkPart.decoder.weights, object: try reading.adopt(stage, from: file, in: context))
    let facts: JSONValue = ["first_stage": NetworkDescription(stage).json]
    return ["first-stage": Artifact(type: PortType.firstStage.rawValue, parts: [part], facts: facts)]
  }

  private func firstStage(_ file: OutsideFile) throws -> any FirstStage {
    guard let stage = try reading.resolve(file).network as? any FirstStage else {
      throw StageIssue(.parameter(["architecture"]), "this network is no first stage")
    }
    return stage
  }
}
