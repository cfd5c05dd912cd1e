import ArtifactStore
import Basics
import Diffusion
import Networks
import StageKit

/// Training mode: the network sees real images with noise added, once per step. From that one evaluation come the norm
/// of the predicted noise and the variance error after a single reverse step.
struct TrainStats: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "train-stats", version: 1,
    doc: "Norms of the predicted noise on real images with noise added, and the error after one reverse step.",
    inputs: [
      InputPort("network", [.network], doc: "The network to measure."),
      InputPort("dataset", [.dataset], doc: "The images it was trained on."),
    ],
    outputs: [
      OutputPort("norms", .curve, doc: "Mean norm of the predicted noise at each step."),
      OutputPort("single-step", .curve, doc: "Spread after one reverse step against the forward process."),
    ], parameters: StepParameters.fields)

  static let blockSize = 32

  let steps: StepParameters
  var extent: Range<Int> { steps.extent }

  init(parameters: StageParameters) throws { steps = try StepParameters(parameters) }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try inputs.network("network")
    try NetworkUse.check(inputs.dataset("dataset"), fits: facts)
    _ = try ReverseProcess(facts.process, steps)
    return StageInference(outputs: ["norms": .curve, "single-step": .curve], versions: NetworkUse.versions(facts))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let count = try steps.process(inputs.network("network").process).count
    return try SpreadCost.cost(inputs, steps: count, evaluations: count, of: self)
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let use = try NetworkUse(inputs.artifact("network"), in: context)
    let dataset = try context.dataset(inputs.artifact("dataset"))
    let order = try ImageOrder(count: dataset.count, seed: steps.seed, purpose: .trainingOrder)
    let measurement = try TrainingMeasurement(
      solver: ReverseProcess(use.process, steps),
      images: dataset.startImages(order: order), noise: PhiloxNoise(seed: steps.seed),
      labels: use.labels(of: dataset, order: order))
    var predictor = use.predictor
    let statistics = try measurement.run(samples: range, batch: use.batch, predictor: &predictor, check: context.checkCancelled)
    return ["statistics": try statistics.encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let trained = try TrainedProcess(json: inputs.artifact("network").facts["process"] ?? .null)
    let process = try steps.process(trained)
    let statistics = try LeafReduction<TrainingStatistics>.total(blocks, extent: extent, in: context)
    let norms: JSONValue = [
      "kind": "epsilon-norms", "mode": "training", "steps": JSONValue(process.count), "timesteps": JSONValue(process.timestepMap),
      "samples": JSONValue(extent.count), "epsilon_norm": JSONValue(statistics.norms.predicted.steps.map(\.mean)),
      "epsilon_norm_rms": JSONValue(statistics.norms.predicted.steps.map(\.rootMeanSquare)),
      "marginal_std": JSONValue(statistics.marginalDeviations),
    ]
    let points = try statistics.singleStepPoints(process.levels)
    let singleStep: JSONValue = [
      "kind": "single-step", "steps": JSONValue(process.count), "indices": JSONValue(points.map(\.index)),
      "timesteps": JSONValue(points.map { process.timestepMap[$0.index] }), "samples": JSONValue(extent.count),
      "true_std": JSONValue(points.map(\.trueDeviation)), "sampled_std": JSONValue(points.map(\.sampledDeviation)),
      "delta": JSONValue(points.map(\.error)),
    ]
    return [
      "norms": try context.store.putJSON(norms, type: .curve), "single-step": try context.store.putJSON(singleStep, type: .curve),
    ]
  }
}
