import ArtifactStore
import Basics
import Checkpoints
import Engine
import Networks
import StageRuntime
import StageSchema

/// Reads a checkpoint as its authors published it, and keeps its weights as safetensors together with the noise process
/// they were trained on.
struct LoadWeights: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-weights", version: 2, doc: "Reads a checkpoint as its authors published it.",
    inputs: [
      InputPort(
        "first-stage", [.firstStage], required: false,
        doc: "The autoencoder of a network of latents; without it, the one in the network's own file, if there is one.")
    ],
    outputs: [OutputPort("network", .network, doc: "Weights, configuration and noise process.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.noise) + [
      ParameterField(
        "process", .record(TrainedProcess.fields), optional: true,
        doc: "The noise process the network was trained on: what its file does not tell, or in place of what it tells."),
      ParameterField(
        "first_stage", .open, optional: true,
        doc: "Arguments of the autoencoder in the network's own file, where the file does not tell them."),
    ])

  private let file: OutsideFile
  private let reading: NetworkReading
  private let firstStage: NetworkReading
  private let process: [String: JSONValue]

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .noise)
    firstStage = try NetworkReading(firstStageIn: parameters)
    process = parameters.value("process").json.object ?? [:]
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    let facts = try facts(file, given: inputs.firstStage("first-stage"))
    var versions = reading.versions(facts.network)
    if let stage = facts.firstStage { versions["network \(type(of: stage).architecture)"] = type(of: stage).version }
    return StageInference(
      outputs: ["network": facts], versions: versions, files: [OutsideFile.name: try file.digest()],
      unkeyed: OutsideFile.unkeyed,
      meant: reading.meaning(of: facts.network).merging(
        [
          "process": ParameterValue(facts.process.json),
          "first_stage": facts.firstStage.map { ParameterValue(NetworkDescription($0).json) } ?? .null,
        ]) { $1 })
  }

  func inferAlone(_ inputs: FactInputs) throws { _ = try reading.resolve(file.planned(inputs)) }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let file = file.planned(inputs)
    let facts = try facts(file, given: inputs.firstStage("first-stage"))
    var cost = try reading.cost(facts.network)
    if let stage = facts.firstStage {
      let further = try reading.cost(stage)
      cost.outputBytes += further.outputBytes
      cost.sharedBytes = max(cost.sharedBytes, further.sharedBytes)
    }
    return cost
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let given = try inputs.items["first-stage"].map { _ in try inputs.artifact("first-stage") }
    let file = try file.opened(inputs, in: context)
    let facts = try facts(file, given: given.map { try FirstStageFacts($0).network })
    var parts = [Artifact.Part(name: NetworkPart.network.weights, object: try reading.adopt(facts.network, from: file, in: context))]
    var json = NetworkDescription(facts.network).json.object ?? [:]
    json["process"] = facts.process.json
    if let stage = facts.firstStage {
      let object = try given?.part(NetworkPart.decoder.weights) ?? firstStage.adopt(stage, from: file, in: context)
      parts.append(Artifact.Part(name: NetworkPart.decoder.weights, object: object))
      json["first_stage"] = NetworkDescription(stage).json
    }
    return ["network": Artifact(type: PortType.network.rawValue, parts: parts, facts: .object(json))]
  }

  private func facts(_ file: OutsideFile, given: (any FirstStage)?) throws -> NetworkFacts {
    let resolved = try reading.resolve(file)
    let network = resolved.network
    // Twice the image's channels: what guided-diffusion and its descendants make of `learn_sigma`.
    let learns = network.outputChannels == 2 * network.image.channels
    let variance = learns ? "learned-range" : type(of: network).conventions.variance.rawValue
    let told = ["variance": JSONValue.text(variance)].merging(resolved.process) { $1 }
    let process = try TrainedProcess(given: process, told: told)
    try checkChannels(network, process)
    let stage = try given ?? firstStage.resolveIfPresent(file, latent: network.image) as? any FirstStage
    if let stage, stage.latent != network.image {
      throw StageIssue(
        given == nil ? .parameter(["config"]) : .input("first-stage"), "the latents of the first stage do not fit the network",
        expected: network.image.label, found: stage.latent.label, reason: .wrongDimensions)
    }
    return NetworkFacts(network: network, process: process, firstStage: stage)
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
