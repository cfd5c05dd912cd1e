import ArtifactStore
import Basics
import Diffusion
import Networks
import StageKit

/// delta_t (Ning et al. 2024, algorithm 3): chains that start from noised real images, and how much wider their states
/// spread around the image they came from than the forward process does.
struct MeasureDelta: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "measure-delta", version: 1, doc: "delta_t along chains that start from real images with noise added.",
    inputs: [
      InputPort("network", [.network], doc: "The network to measure."),
      InputPort("dataset", [.dataset], doc: "The images chains start from."),
    ],
    outputs: [OutputPort("delta", .curve, doc: "delta_t and the spreads it comes from, at each step.")],
    parameters: SamplerParameters.fields + StepParameters.fields + [
      ParameterField(
        "start", .integer(1...1_000_000), optional: true, unit: "steps",
        doc: "Respaced index the chains start from; the last one, steps - 1, when absent.")
    ])

  static let blockSize = 32

  let steps: StepParameters
  let sampler: SamplerParameters
  let start: Int?
  var extent: Range<Int> { steps.extent }

  init(parameters: StageParameters) throws {
    steps = try StepParameters(parameters)
    sampler = try SamplerParameters(parameters)
    start = parameters.optionalInteger("start")
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try inputs.network("network")
    try NetworkUse.check(inputs.dataset("dataset"), fits: facts)
    let count = try reverse(facts.process).process.count
    guard count > 1 else {
      throw StageIssue(.parameter(["steps"]), "delta_t lies between two steps", expected: "at least 2 steps", found: "\(count)")
    }
    if let start, start >= count {
      throw StageIssue(.parameter(["start"]), "the process has no such step", expected: "an index below \(count)", found: "\(start)")
    }
    return StageInference(
      outputs: ["delta": .curve], versions: NetworkUse.versions(facts).merging(sampler.versions) { first, _ in first })
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let count = try steps.process(inputs.network("network").process).count
    return try SpreadCost.cost(inputs, steps: count, evaluations: (start ?? count - 1) + 1, of: self)
  }

  private func reverse(_ process: TrainedProcess) throws -> ReverseProcess {
    try ReverseProcess(process, steps, sampler: sampler.sampler, scaling: sampler.scaling)
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let use = try NetworkUse(inputs.artifact("network"), in: context)
    let dataset = try context.dataset(inputs.artifact("dataset"))
    let order = try ImageOrder(count: dataset.count, seed: steps.seed, purpose: .chainOrder)
    let measurement = try DeltaMeasurement(
      solver: reverse(use.process), images: dataset.startImages(order: order),
      startIndex: start, noise: PhiloxNoise(seed: steps.seed), labels: use.labels(of: dataset, order: order))
    var predictor = use.predictor
    let spread = try measurement.run(samples: range, batch: use.batch, predictor: &predictor, check: context.checkCancelled)
    return ["statistics": try spread.encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let trained = try TrainedProcess(json: inputs.artifact("network").facts["process"] ?? .null)
    let reverse = try reverse(trained)
    let spread = try LeafReduction<ChainSpread>.total(blocks, extent: extent, in: context)
    let points = try spread.points(reverse.levels)
    let curve: JSONValue = [
      "kind": "delta", "steps": JSONValue(reverse.process.count), "indices": JSONValue(points.map(\.index)),
      "timesteps": JSONValue(points.map { reverse.process.timestepMap[$0.index] }), "samples": JSONValue(extent.count),
      "lambda": JSONValue((0..<reverse.process.count).map { reverse.scaling.lambda($0) }),
      "true_std": JSONValue(points.map(\.trueDeviation)), "sampled_std": JSONValue(points.map(\.sampledDeviation)),
      "delta": JSONValue(points.map(\.delta)), "marginal_std": JSONValue(points.map(\.marginalDeviation)),
      "forward_marginal_std": JSONValue(points.map(\.forwardMarginalDeviation)),
    ]
    return ["delta": try context.store.putJSON(curve, type: .curve)]
  }
}
