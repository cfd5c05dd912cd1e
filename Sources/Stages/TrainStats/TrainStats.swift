import ArtifactStore
import Basics
import Diffusion
import Networks
import Results
import StageRuntime
import StageSchema

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
    ], parameters: SolverParameters.fields + SampleParameters.fields)

  static let blockSize = 32

  private let solving: SolverParameters
  private let samples: SampleParameters
  var extent: Range<Int> { samples.extent }

  init(parameters: StageParameters) throws {
    solving = try SolverParameters(parameters)
    samples = try SampleParameters(parameters)
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try inputs.network("network")
    try NetworkUse.check(inputs.dataset("dataset"), fits: facts)
    _ = try solving.solver(facts)
    return StageInference(
      outputs: ["norms": ResultFacts(), "single-step": ResultFacts()],
      versions: NetworkUse.versions(facts).merging(solving.versions(facts)) { first, _ in first }, unkeyed: solving.unkeyed(facts),
      meant: try solving.meaning(facts))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let solver = try solving.solver(inputs.network("network"))
    let count = solver.levels.count
    let evaluations = solver.evaluations(from: count - 1)
    return try SpreadCost.cost(inputs, steps: count, evaluations: evaluations, of: self)
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let cell = try solving.shared(inputs)
    let use = try NetworkUse(inputs.artifact("network"), cell.facts, in: context)
    let dataset = try context.dataset(inputs.artifact("dataset"))
    let order = try inputs.shared { try ImageOrder(count: dataset.count, seed: samples.seed, purpose: .trainingOrder) }
    let measurement = try TrainingMeasurement(
      solver: cell.solver,
      images: dataset.startImages(order: order), noise: PhiloxNoise(seed: samples.seed),
      labels: use.labels(of: dataset, order: order))
    var predictor = use.predictor
    let statistics = try measurement.run(samples: range, batch: use.batch, predictor: &predictor, check: context.checkCancelled)
    return ["statistics": try statistics.encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let levels = try solving.shared(inputs).solver.levels
    let statistics = try LeafReduction<TrainingStatistics>.total(blocks, extent: extent, in: context)
    var norms = Curve(.epsilonNorms, mode: .training, over: levels, samples: extent.count)
    norms.set(statistics.norms)
    norms.set(.marginalDeviation, statistics.marginalDeviations)
    let points = try statistics.singleStepPoints(levels)
    var singleStep = Curve(.singleStep, over: levels, samples: extent.count, indices: points.map(\.index))
    singleStep.set(.trueDeviation, points.map(\.trueDeviation))
    singleStep.set(.sampledDeviation, points.map(\.sampledDeviation))
    singleStep.set(.delta, points.map(\.error))
    return ["norms": try context.store.put(norms, type: .curve), "single-step": try context.store.put(singleStep, type: .curve)]
  }
}
