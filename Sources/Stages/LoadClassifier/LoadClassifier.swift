import ArtifactStore
import Basics
import Diffusion
import Networks
import StageRuntime
import StageSchema

/// Reads a classifier of noisy images that its authors published, for guidance.
struct LoadClassifier: WholeStage {
  static let descriptor = StageDescriptor(
    name: "load-classifier", version: 1, doc: "Reads a classifier of noisy images, for guidance.", inputs: [],
    outputs: [OutputPort("classifier", .classifier, doc: "Weights, configuration and the timesteps it was trained on.")],
    parameters: OutsideFile.fields + NetworkReading.fields(.classifier) + [
      ParameterField(
        "process",
        .record([
          ParameterField("diffusion_steps", .integer(1...1_000_000), default: .integer(1000), doc: "T, the number of training timesteps."),
          ParameterField(
            "noise_schedule", .choice(BetaSchedule.names), optional: true, doc: "The beta schedule of training; any is taken when absent."),
        ]), default: .record(["diffusion_steps": .integer(1000), "noise_schedule": .null]),
        doc: "The noise the classifier was trained on; that of a network it guides must be the same.")
    ])

  private let file: OutsideFile
  private let reading: NetworkReading
  private let steps: Int
  private let schedule: String?

  init(parameters: StageParameters) throws {
    file = try OutsideFile(parameters)
    reading = try NetworkReading(parameters, role: .classifier)
    let process = try parameters.record("process")
    steps = try process.integer("diffusion_steps")
    schedule = process.optionalText("noise_schedule")
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let file = file.planned(inputs)
    let facts = try facts(file)
    return StageInference(
      outputs: ["classifier": facts], versions: reading.versions(facts.network), files: [OutsideFile.name: try file.digest()],
      unkeyed: OutsideFile.unkeyed, meant: reading.meaning(of: facts.network))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost { try reading.cost(facts(file.planned(inputs)).network) }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let file = try file.opened(inputs, in: context)
    let facts = try facts(file)
    let part = Artifact.Part(name: NetworkPart.guidance.weights, object: try reading.adopt(facts.network, from: file, in: context))
    var json = NetworkDescription(facts.network).json.object ?? [:]
    json["process"] = ["diffusion_steps": JSONValue(steps), "noise_schedule": schedule.map { .text($0) } ?? .null]
    return ["classifier": Artifact(type: PortType.classifier.rawValue, parts: [part], facts: .object(json))]
  }

  private func facts(_ file: OutsideFile) throws -> ClassifierFacts {
    guard let network = try reading.resolve(file).network as? any NoisyClassifier else {
      throw StageIssue(.parameter(["architecture"]), "this network is no classifier of noisy images")
    }
    return ClassifierFacts(network: network, steps: steps, schedule: schedule)
  }
}
