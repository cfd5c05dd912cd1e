import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Networks
import Results
import StageRuntime
import StageSchema

/// Generates images with Epsilon Scaling, and gathers the norms of the predicted noise on the way.
struct Sample: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "sample", version: 1, doc: "Generates images with Epsilon Scaling; gathers the norms of the predicted noise on the way.",
    inputs: [InputPort("network", [.network], doc: "The network to sample from."), ClassifierParameters.port, NoiseInput.port],
    outputs: [
      OutputPort("images", .samples, doc: "Images as bytes, [N, C, H, W], in blocks."),
      OutputPort("epsilon-norms", .curve, doc: "Mean norm of the predicted noise at each step, raw and after scaling."),
    ],
    parameters: SolverParameters.fields + [SolverParameters.scalingField] + SampleParameters.fields + [
      GuidanceParameters.field, ClassifierParameters.field, RandomParameters.field,
      ParameterField(
        "pixels", .choice(PixelRule.allCases.map(\.rawValue)), default: .text(PixelRule.scaled.rawValue),
        doc:
          "How numbers in [-1, 1] become bytes: scaled, (x + 1) 127.5 (ADM, LDM's arrays); halved, (x + 1) / 2 255 (LDM's pictures); centred, 127.5 x + 128 (EDM, DiT)."
      ),
    ])

  static let blockSize = 32

  private let solving: SolverParameters
  private let samples: SampleParameters
  private let pixels: PixelRule
  private let random: RandomParameters
  private let guidance: GuidanceParameters
  private let classifier: ClassifierParameters
  var extent: Range<Int> { samples.extent }

  init(parameters: StageParameters) throws {
    solving = try SolverParameters(parameters)
    samples = try SampleParameters(parameters)
    pixels = PixelRule(rawValue: try parameters.text("pixels")) ?? .scaled
    random = try RandomParameters(parameters)
    guidance = try GuidanceParameters(parameters)
    classifier = try ClassifierParameters(parameters)
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let facts = try inputs.network("network")
    let solver = try solving.solver(facts)
    try guidance.check(facts)
    try random.check(facts)
    try NoiseInput.check(inputs, facts, samples: extent, steps: solver.levels.count)
    try classifier.check(inputs, facts, classes: guidance.classes(facts), solver, sampler: solving.sampler(facts).name)
    if NoiseInput.replacesDraws(inputs, areClassesDrawn: guidance.classes(facts) != nil || classifier.isPresent(inputs)) {
      try samples.refuseSeed()
      try random.refuseGenerator()
    }
    return StageInference(
      outputs: ["images": SampleFacts(count: extent.count, image: facts.picture), "epsilon-norms": ResultFacts()],
      versions: NetworkUse.versions(facts).merging(solving.versions(facts)) { first, _ in first }
        .merging(classifier.versions(inputs)) { first, _ in first },
      unkeyed: random.unkeyed.union(classifier.unkeyed(inputs)).union(solving.unkeyed(facts)),
      meant: try solving.meaning(facts))
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let facts = try inputs.network("network")
    let image = facts.network.image.count
    let solver = try solving.solver(facts)
    let count = solver.levels.count
    let batch = try inputs.cost(of: facts.network, at: "network").batch
    var cost = try NetworkUse.cost(
      facts, inputs, evaluations: guidance.evaluations * solver.evaluations(from: count - 1), outputBytes: facts.picture.count + 4 * count,
      laneBytes: NetworkUse.chainBytes(image: image, batch: batch) + 3 * Self.blockSize * facts.picture.count,
      sharedBytes: NoiseInput.bytes(inputs))
    try classifier.add(to: &cost, inputs, evaluations: solver.evaluations(from: count - 1))
    if let stage = facts.firstStage {
      let decoder = try inputs.cost(of: stage, .decoder, at: "network")
      cost.flopsBeside += decoder.flopsPerEvaluation
      cost.networks.append(decoder.memory)
      cost.laneBytes += 5 * batch * stage.image.count
    }
    return cost
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let cell = try solving.shared(inputs)
    let streams = try inputs.shared { try self.streams(cell, inputs, in: context) }
    let use = try NetworkUse(inputs.artifact("network"), cell.facts, in: context)
    let run = SamplingRun(solver: cell.solver, elementCount: use.network.image.count, noise: streams.noise, labels: streams.labels)
    var pictures = try PictureBytes(inputs.artifact("network"), cell.facts, count: range.count, rule: pixels, in: context)
    var predictor = try classifier.steered(guidance.guided(use.predictor, use.facts), inputs, in: context)
    let norms = try run.run(
      samples: range, batch: use.batch, predictor: &predictor, check: context.checkCancelled,
      emit: { samples, images in try pictures.append(images, of: samples, in: context) })
    try pictures.finite.check(norms, of: range, over: cell.solver.levels)
    return [
      "images": try Safetensors.encode([(name: SampleSet.tensorName, tensor: pictures.tensor())], metadata: [:]),
      "statistics": try norms.encoded(),
    ]
  }

  private func streams(_ cell: CellSolver, _ inputs: StageInputs, in context: StageContext) throws -> RandomStreams {
    let drawn = try random.streams(
      seed: samples.seed, elementCount: cell.facts.network.image.count, steps: cell.solver.levels.count,
      classCount: guidance.classes(cell.facts) ?? classifier.classes(inputs), stepPrecision: cell.solver.stepPrecision)
    guard NoiseInput.isPresent(inputs) else { return drawn }
    let recorded = try NoiseInput.streams(inputs, in: context)
    return RandomStreams(noise: recorded.noise, labels: drawn.labels == nil ? nil : recorded.labels ?? drawn.labels)
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let cell = try solving.shared(inputs)
    let (image, solver) = (cell.facts.picture, cell.solver)
    let norms = try LeafReduction<SamplingNorms>.total(blocks, extent: extent, in: context)
    let parts = try blocks.map { block in
      Artifact.Part(name: SamplePart.name(block.range), object: try block.object("images"))
    }
    let points = norms.predicted.points(solver.scaling)
    var curve = Curve(.epsilonNorms, mode: .sampling, over: solver.levels, samples: extent.count)
    curve.set(norms)
    curve.set(.lambda, points.map(\.lambda))
    curve.set(.scaledEpsilonNorm, points.map(\.scaledMean))
    let set = SampleSet(count: extent.count, image: image)
    return [
      "images": Artifact(type: PortType.samples.rawValue, parts: parts, facts: set.json),
      "epsilon-norms": try context.store.put(curve, type: .curve),
    ]
  }

  func partingStep(_ one: [String: [UInt8]], _ other: [String: [UInt8]], tolerance: Double) throws -> Int? {
    try LeafReduction<SamplingNorms>.partingStep(one, other, tolerance: tolerance)
  }
}
