import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageKit

/// Reads a checkpoint as its authors published it, and keeps its weights as safetensors together with the noise process
/// they were trained on.
struct LoadWeights: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-weights", version: 2, doc: "Reads a checkpoint as its authors published it.", inputs: [],
    outputs: [OutputPort("network", .network, doc: "Weights, configuration and noise process.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.noise) + [
      ParameterField(
        "process", .record(TrainedProcess.fields), optional: true,
        doc: "The noise process the network was trained on: what its file does not tell, or in place of what it tells.")
    ])

  private let file: OutsideFile
  private let reading: NetworkReading
  private let process: [String: JSONValue]

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .noise)
    process = parameters.value("process").json.object ?? [:]
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try facts()
    return StageInference(
      outputs: ["network": .network(facts)], versions: reading.versions(facts.network), files: ["file": try file.digest()],
      unkeyed: ["file", "sha256"])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { try reading.cost(reading.resolve(file).network) }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let facts = try facts()
    let part = Artifact.Part(name: "weights", object: try reading.adopt(facts.network, from: file, in: context))
    var json = NetworkDescription(facts.network).json.object ?? [:]
    json["process"] = facts.process.json
    return ["network": Artifact(type: PortType.network.rawValue, parts: [part], facts: .object(json))]
  }

  private func facts() throws -> NetworkFacts {
    let resolved = try reading.resolve(file)
    let network = resolved.network
    // Twice the image's channels: what guided-diffusion and its descendants make of `learn_sigma`.
    let learns = network.outputChannels == 2 * network.image.channels
    let told = ["variance": JSONValue.text(learns ? "learned-range" : "fixed-large")].merging(resolved.process) { $1 }
    let process = try TrainedProcess(given: process, told: told)
    try checkChannels(network, process)
    return NetworkFacts(network: network, process: process)
  }

  /// A learned variance takes as many output channels again as the image has; iDDPM's preconditioner drops them.
  private func checkChannels(_ network: any Network, _ process: TrainedProcess) throws {
    let variance = process.text("variance")
    let isDouble = variance == "learned-range" || variance == "learned" || process.kind == .iddpm
    let expected = network.image.channels * (isDouble ? 2 : 1)
    guard network.outputChannels == expected else {
      throw StageIssue(
        .parameter(["process", "variance"]),
        "the network's output channels do not fit \(variance.map { "the variance \($0)" } ?? "the preconditioner \(process.kind.rawValue)")",
        expected: "\(expected) output channels", found: "\(network.outputChannels)")
    }
  }
}
