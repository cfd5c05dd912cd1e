import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Engine
import Networks
import Scoring
import StageKit

/// Scores generated images against real ones on the features of a network.
struct Score: WholeStage {
  static let descriptor = StageDescriptor(
    name: "score", version: 1, doc: "Fréchet distance and class score of generated images on a feature network.",
    inputs: [
      InputPort("samples", [.samples], doc: "The generated images."),
      InputPort("reference", [.dataset], doc: "The real images; statistics are taken over all of them."),
      InputPort("features", [.features], doc: "The network whose features are compared."),
    ],
    outputs: [OutputPort("scores", .scores, doc: "One number per metric.")],
    parameters: [
      ParameterField(
        "metrics", .list(of: .choice(["fd", "class-score"]), count: 1...2), default: .list([.text("fd")]),
        doc:
          "fd: Fréchet distance of Gaussians fitted to the features (covariance divisor N - 1). class-score: the Inception Score's formula, one split."
      )
    ])

  let metrics: [String]

  init(parameters: StageParameters) throws {
    metrics = try parameters.texts("metrics")
    guard Set(metrics).count == metrics.count else { throw StageIssue(.parameter(["metrics"]), "a metric is named twice") }
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let features = try inputs.features("features")
    let samples = try inputs.samples("samples")
    let reference = try inputs.dataset("reference")
    for (port, image) in [("samples", samples.image), ("reference", reference.image)] where image != features.network.image {
      throw StageIssue(
        .input(port), "the images do not fit the feature network", expected: features.network.image.label, found: image.label,
        reason: .wrongDimensions)
    }
    if metrics.contains("fd"), samples.count < 2 {
      throw StageIssue(
        .input("samples"), "a Fréchet distance needs a covariance", expected: "at least 2 samples", found: "\(samples.count)")
    }
    return StageInference(
      outputs: ["scores": .scores],
      versions: [
        "network \(type(of: features.network).architecture)": type(of: features.network).version, "engine": EngineVersion.arithmetic,
        "scoring": 1,
      ])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let features = try inputs.features("features")
    let (samples, reference) = (try inputs.samples("samples"), try inputs.dataset("reference"))
    let compiled = try CompiledNetworks.compiled(features.network, mode: .reference)
    let memory = try CompiledNetworks.memory(features.network, mode: .reference)
    return StageCost(
      evaluations: samples.count + reference.count, flopsPerEvaluation: compiled.network.flopsPerSample, outputBytes: 256,
      networks: [memory], laneBytes: 4 * compiled.batch * reference.image.count, sharedBytes: reference.count * reference.image.count)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let embedding = try Embedding(inputs.artifact("features"), in: context)
    var generated = try FeatureStatistics(embedding)
    let samples = try inputs.artifact("samples")
    for part in samples.parts {
      let images = try Safetensors.decode(context.store.read(part.object)).read("images")
      try embedding.embed(images.bytes, into: &generated, in: context)
    }
    var real = try FeatureStatistics(embedding)
    try embedding.embed(context.dataset(inputs.artifact("reference")).images, into: &real, in: context)
    var scores: [String: JSONValue] = [:]
    for metric in metrics {
      switch metric {
      case "fd": scores["fd"] = .number(try frechetDistance(generated.moments(), real.moments()))
      default: scores["class_score"] = .number(try generated.classScore())
      }
    }
    let result: JSONValue = ["kind": "scores", "samples": JSONValue(generated.count), "metrics": .object(scores)]
    return ["scores": try context.store.putJSON(result, type: .scores)]
  }
}
