import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageKit

/// Reads a published checkpoint, checks it against its configuration and keeps its weights as safetensors together
/// with the noise process they were trained on.
struct LoadWeights: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-weights", version: 1, doc: "Reads a checkpoint as its authors published it.", inputs: [],
    outputs: [OutputPort("network", .network, doc: "Weights, configuration and noise process.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.noise) + [
      ParameterField("process", .record(TrainedProcess.fields), doc: "The noise process the network was trained on.")
    ])

  let file: OutsideFile
  let reading: NetworkReading
  let process: TrainedProcess

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .noise)
    process = try TrainedProcess(parameters.record("process"))
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let network = try reading.resolve(file).network
    try checkChannels(network)
    return StageInference(
      outputs: ["network": .network(NetworkFacts(network: network, process: process))],
      versions: reading.versions(network), files: ["file": try file.digest()], unkeyed: ["file", "sha256"])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    try reading.cost(reading.resolve(file).network)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let network = try reading.resolve(file).network
    let object = Artifact.Part(name: "weights", object: try reading.adopt(network, from: file, in: context))
    var facts = NetworkDescription(network).json.object ?? [:]
    facts["process"] = process.json
    return ["network": Artifact(type: PortType.network.rawValue, parts: [object], facts: .object(facts))]
  }

  /// A learned variance takes as many output channels again as the image has.
  private func checkChannels(_ network: any Network) throws {
    let learned = process.variance == "learned-range" || process.variance == "learned"
    let expected = network.image.channels * (learned ? 2 : 1)
    guard network.outputChannels == expected else {
      throw StageIssue(
        .parameter(["process", "variance"]), "the network's output channels do not fit the variance \(process.variance)",
        expected: "\(expected) output channels", found: "\(network.outputChannels)")
    }
  }
}
