import ArtifactStore
import Basics
import Diffusion
import Networks
import Results
import StageRuntime
import StageSchema

/// delta_t (Ning et al. 2024, algorithm 3): chains that start from noised real images, and how much wider their states
/// spread around the image they came from than the forward process does.
struct MeasureDelta: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "measure-delta", version: 1, doc: "delta_t along chains that start from real images with noise added.",
    inputs: [
      InputPort("network", [.network], doc: "The network to measure."),
      InputPort("dataset", [.dataset], doc: "The images chains start from; a classifier guides back to their classes."),
      ClassifierParameters.port, NoiseInput.port,
    ],
    outputs: [OutputPort("delta", .curve, doc: "delta_t and the spreads it comes from, at each step.")],
    parameters: SolverParameters.fields + [SolverParameters.scalingField] + SampleParameters.fields + [
      GuidanceParameters.field, ClassifierParameters.field,
      ParameterField(
        "start", .integer(1...1_000_000), optional: true, unit: "steps",
        doc: "Respaced index the chains start from; the last one, steps - 1, when absent."),
    ])

  static let blockSize = 32

  private let solving: SolverParameters
  private let samples: SampleParameters
  private let start: Int?
  private let guidance: GuidanceParameters
  private let classifier: ClassifierParameters
  var extent: Range<Int> { samples.extent }

  init(parameters: StageParameters) throws {
    solving = try SolverParameters(parameters)
    samples = try SampleParameters(parameters)
    guidance = try GuidanceParameters(parameters)
    classifier = try ClassifierParameters(parameters)
    start = parameters.optionalInteger("start")
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try inputs.network("network")
    try NetworkUse.check(inputs.dataset("dataset"), fits: facts)
    try guidance.check(facts)
    let solver = try solving.solver(facts)
    try classifier.check(inputs, facts, classes: guidance.classes(facts), solver, sampler: solving.sampler(facts).name)
    try NoiseInput.check(inputs, facts, samples: extent, steps: solver.levels.count)
    let count = solver.levels.count
    guard count > 1 else {
      throw StageIssue(.parameter(["steps"]), "delta_t lies between two steps", expected: "at least 2 steps", found: "\(count)")
    }
    if let start, start >= count {
      throw StageIssue(.parameter(["start"]), "the process has no such step", expected: "an index below \(count)", found: "\(start)")
    }
    return StageInference(
      outputs: ["delta": ResultFacts()],
      versions: NetworkUse.versions(facts).merging(solving.versions(facts)) { first, _ in first }
        .merging(classifier.versions(inputs)) { first, _ in first }, unkeyed: classifier.unkeyed(inputs).union(solving.unkeyed(facts)),
      meant: try solving.meaning(facts))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let solver = try solving.solver(inputs.network("network"))
    let count = solver.levels.count
    let evaluations = solver.evaluations(from: start ?? count - 1)
    var cost = try SpreadCost.cost(inputs, steps: count, evaluations: guidance.evaluations * evaluations, of: self)
    cost.sharedBytes += NoiseInput.bytes(inputs)
    try classifier.add(to: &cost, inputs, evaluations: evaluations)
    return cost
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let cell = try solving.shared(inputs)
    let use = try NetworkUse(inputs.artifact("network"), cell.facts, in: context)
    let dataset = try context.dataset(inputs.artifact("dataset"))
    let order = try inputs.shared { try ImageOrder(count: dataset.count, seed: samples.seed, purpose: .chainOrder) }
    let streams = try inputs.shared {
      NoiseInput.isPresent(inputs)
        ? try NoiseInput.streams(inputs, in: context) : RandomStreams(noise: PhiloxNoise(seed: samples.seed), labels: nil)
    }
    let measurement = try DeltaMeasurement(
      solver: cell.solver, images: dataset.startImages(order: order),
      startIndex: start, noise: streams.noise,
      labels: use.labels(of: dataset, order: order, isSteered: classifier.isPresent(inputs)))
    var predictor = try classifier.steered(guidance.guided(use.predictor, use.facts), inputs, in: context)
    let spread = try measurement.run(samples: range, batch: use.batch, predictor: &predictor, check: context.checkCancelled)
    return ["statistics": try spread.encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let solver = try solving.shared(inputs).solver
    let spread = try LeafReduction<ChainSpread>.total(blocks, extent: extent, in: context)
    let points = try spread.points(solver.levels)
    var curve = Curve(.delta, over: solver.levels, samples: extent.count, indices: points.map(\.index))
    curve.set(.lambda, (0..<solver.levels.count).map { solver.scaling.lambda($0) })
    curve.set(.trueDeviation, points.map(\.trueDeviation))
    curve.set(.sampledDeviation, points.map(\.sampledDeviation))
    curve.set(.delta, points.map(\.delta))
    curve.set(.marginalDeviation, points.map(\.marginalDeviation))
    curve.set(.forwardMarginalDeviation, points.map(\.forwardMarginalDeviation))
    return ["delta": try context.store.put(curve, type: .curve)]
  }

  func partingStep(_ one: [String: [UInt8]], _ other: [String: [UInt8]], tolerance: Double) throws -> Int? {
    try LeafReduction<ChainSpread>.partingStep(one, other, tolerance: tolerance)
  }
}
