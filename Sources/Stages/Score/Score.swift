import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Engine
import Networks
import Results
import Scoring
import StageRuntime
import StageSchema

/// Scores generated images against real ones on the features of a network.
struct Score: WholeStage {
  static let descriptor = StageDescriptor(
    name: "score", version: 1, doc: "Fréchet distance and class score of generated images on a feature network.",
    inputs: [
      InputPort("samples", [.samples], doc: "The generated images."),
      InputPort("reference", [.dataset], doc: "The real images; statistics are taken over all of them."),
      InputPort(
        "features", [.features], required: false,
        doc: "The network whose features are compared; without one, the pixels averaged down to at most 8x8."),
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
    let features = try network(inputs)
    let samples = try inputs.samples("samples")
    let reference = try inputs.dataset("reference")
    guard !reference.areLatents else {
      throw StageIssue(.input("reference"), "these are latents, not pictures", expected: "the dataset they were encoded from")
    }
    let image = features?.image ?? samples.image
    for (port, found) in [("samples", samples.image), ("reference", reference.image)] where found != image {
      throw StageIssue(
        .input(port), features == nil ? "the images do not fit the samples" : "the images do not fit the feature network",
        expected: image.label, found: found.label, reason: .wrongDimensions)
    }
    if features == nil, metrics.contains("class-score") {
      throw StageIssue(.parameter(["metrics"]), "a class score needs a network with classes", expected: "an input \"features\"")
    }
    if metrics.contains("fd"), samples.count < 2 {
      throw StageIssue(
        .input("samples"), "a Fréchet distance needs a covariance", expected: "at least 2 samples", found: "\(samples.count)")
    }
    return StageInference(
      outputs: ["scores": ResultFacts()],
      versions: features.map {
        ["network \(type(of: $0).architecture)": type(of: $0).version, "engine": EngineVersion.arithmetic, "scoring": 1]
      }
        ?? ["scoring": 1])
  }

  /// The feature network; nil when pixels are compared.
  private func network(_ inputs: FactInputs) throws -> (any Network)? {
    inputs.items["features"] == nil ? nil : try inputs.features("features").network
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let (samples, reference) = (try inputs.samples("samples"), try inputs.dataset("reference"))
    guard let network = try network(inputs) else {
      return StageCost(outputBytes: 256, sharedBytes: reference.byteCount)
    }
    let own = try inputs.cost(of: network)
    return StageCost(
      evaluations: samples.count + reference.count, flopsPerEvaluation: own.flopsPerEvaluation, outputBytes: 256,
      networks: [own.memory], laneBytes: 4 * own.batch * reference.image.count, sharedBytes: reference.byteCount)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let reference = try context.dataset(inputs.artifact("reference"))
    let embedding =
      inputs.items["features"] == nil
      ? Embedding(pixelsOf: reference.image) : try Embedding(inputs.artifact("features"), in: context)
    var generated = try FeatureStatistics(embedding)
    let samples = try inputs.artifact("samples")
    for part in samples.parts {
      let images = try Safetensors.decode(context.store.read(part.object)).read(SampleSet.tensorName)
      try embedding.embed(images.bytes, into: &generated, in: context)
    }
    var real = try FeatureStatistics(embedding)
    try embedding.embed(reference.pictures(), into: &real, in: context)
    var scores: [String: Double] = [:]
    for metric in metrics {
      switch metric {
      case "fd": scores["fd"] = try frechetDistance(generated.moments(), real.moments())
      default: scores["class_score"] = try generated.classScore()
      }
    }
    return ["scores": try context.store.put(Scores(samples: generated.count, metrics: scores), type: .scores)]
  }
}
