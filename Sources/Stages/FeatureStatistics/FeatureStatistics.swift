import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import Engine
import Networks
import Scoring
import StageRuntime
import StageSchema

/// Accumulates what metrics ask of a set of images, on the features of a network: block by block, on all lanes, and once for
/// whatever is compared with it.
///
/// A block holds the features of its images, whatever they are needed for: another metric extracts nothing anew.
struct FeatureStatistics: BlockedStage {
  static let descriptor = StageDescriptor(
    name: "feature-statistics", version: 1,
    doc: "What metrics ask of images on a feature network, made once. A score wired to images has such stages implied.",
    inputs: [
      InputPort("images", [.samples, .dataset], doc: "Pictures, generated or real; all of them are taken."),
      InputPort(
        "features", [.features], required: false, doc: "The feature network; without one, the pixels averaged down to at most 8x8."),
    ],
    outputs: [OutputPort("statistics", .statistics, doc: "What a score compares.")],
    parameters: [
      MetricChoice.field(.reduction),
      ParameterField(
        "of", .choice(ScoredSide.allCases.map(\.rawValue)), default: .text(ScoredSide.reference.rawValue), role: .reduction,
        doc: "Which side of the comparison the images are; metrics ask different things of the two."),
    ])

  /// A multiple of the leaf size. Big enough that the objects of a long run are few, small enough that many lanes share a short one.
  static let blockSize = 128

  private let choice: MetricChoice
  private let side: ScoredSide
  private(set) var extent = 0..<0

  init(parameters: StageParameters) throws {
    choice = try MetricChoice(parameters)
    side = ScoredSide(rawValue: try parameters.text("of")) ?? .reference
  }

  private var kinds: [any FeatureAccumulation.Type] { choice.kinds(of: side) }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let pictures = try Self.pictures(inputs)
    let features = try Self.features(inputs)
    if let network = features?.network, network.image != pictures.image {
      throw StageIssue(
        .input("images"), "the images do not fit the feature network", expected: network.image.label, found: pictures.image.label,
        reason: .wrongDimensions)
    }
    let source = features.map(FeatureSource.init) ?? .pixels(pictures.image)
    for metric in choice.metrics { try check(metric, source, pictures.count) }
    var versions = ["scoring": ScoringVersion.features]
    if let network = features?.network {
      versions["network \(type(of: network).architecture)"] = type(of: network).version
      versions["engine"] = EngineVersion.arithmetic
    }
    return StageInference(
      outputs: ["statistics": StatisticsFacts(count: pictures.count, source: source, kinds: Set(kinds.map { $0.name }))],
      versions: versions, unkeyed: ["of"], meant: ["metrics": .list(kinds.map { .text($0.name) })])
  }

  /// Throws unless what a metric asks of the images can be had.
  private func check(_ metric: any Metric, _ source: FeatureSource, _ count: Int) throws {
    let kinds = metric.kinds(of: side)
    for tap in kinds.flatMap({ $0.taps }) where source.layout.widths[tap] == nil {
      throw StageIssue(
        .parameter(["metrics"]), "\(metric.name) needs the \(tap.rawValue) of a network",
        expected: "an input \"features\" with \(tap.rawValue)", found: source.label)
    }
    guard kinds.isEmpty || count >= metric.leastImages else {
      throw StageIssue(
        .input("images"), "there are too few images for \(metric.name)", expected: "at least \(metric.leastImages) images",
        found: "\(count)")
    }
  }

  func bound(to inputs: FactInputs) throws -> FeatureStatistics {
    var bound = self
    bound.extent = 0..<(try Self.pictures(inputs).count)
    return bound
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let pictures = try Self.pictures(inputs)
    let features = try Self.features(inputs)
    let layout = (features.map(FeatureSource.init) ?? .pixels(pictures.image)).layout
    let residentBytes = (inputs.items["images"]?.first as? DatasetFacts)?.byteCount ?? 0
    // A node for every level of the tree, and the block being read.
    let levels = Int.bitWidth - max(1, blockCount).leadingZeroBitCount + 4
    var cost = StageCost(
      outputBytes: 4 * layout.numberCount, laneBytes: Self.blockSize * (2 * pictures.image.count + 12 * layout.numberCount),
      sharedBytes: residentBytes + levels * kinds.reduce(0) { $0 + 8 * $1.numberCount(layout) })
    if let network = features?.network {
      let own = try inputs.cost(of: network, at: "features")
      cost.evaluations = 1
      cost.flopsPerEvaluation = own.flopsPerEvaluation
      cost.networks = [own.memory]
      cost.laneBytes += 4 * own.batch * (pictures.image.count + layout.numberCount)
    }
    return cost
  }

  func runBlock(_ range: Range<Int>, _ inputs: StageInputs, in context: StageContext) throws -> [String: [UInt8]] {
    let pictures = try Pictures(inputs.artifact("images"), in: context)
    let features = inputs.items["features"] == nil ? nil : try inputs.artifact("features")
    let embedding = try Embedding(features, pixelsOf: pictures.image, in: context)
    let rows = try embedding.rows(of: pictures.bytes(range)) { count in
      try context.checkCancelled()
      if features != nil { context.advance(evaluations: count) }
    }
    return ["features": try rows.encoded()]
  }

  func merge(_ blocks: [FinishedBlock], _ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    var reduction: FeatureReduction?
    for block in blocks {
      try context.checkCancelled()
      let rows = try FeatureRows(encoded: context.store.read(block.object("features")))
      if reduction == nil { reduction = try FeatureReduction(kinds, rows.layout) }
      try reduction?.add(rows, first: block.range.lowerBound)
    }
    guard let reduction else { throw PlumbError("there are no images to take statistics of") }
    let parts = try reduction.totals(of: extent).map { name, numbers in
      Artifact.Part(name: name, object: try context.store.put(StatisticsTensor.encoded(numbers)))
    }
    let record = StatisticsRecord(count: extent.count, network: inputs.items["features"] == nil ? nil : try inputs.artifact("features"))
    return ["statistics": Artifact(type: PortType.statistics.rawValue, parts: parts, facts: record.json)]
  }

  /// Throws when they are latents.
  private static func pictures(_ inputs: FactInputs) throws -> (count: Int, image: ImageShape) {
    if let samples = inputs.items["images"]?.first as? SampleFacts { return (samples.count, samples.image) }
    let dataset = try inputs.dataset("images")
    guard !dataset.areLatents else {
      throw StageIssue(.input("images"), "these are latents, not pictures", expected: "the dataset they were encoded from")
    }
    return (dataset.count, dataset.image)
  }

  /// The feature network; nil when pixels are compared.
  private static func features(_ inputs: FactInputs) throws -> FeatureFacts? {
    inputs.items["features"] == nil ? nil : try inputs.features("features")
  }
}

/// How the features of a block are kept: a float32 tensor for each tap, exactly.
extension FeatureRows {
  fileprivate func encoded() throws -> [UInt8] {
    let tensors = try layout.taps.map { tap in
      let rows = try rows(tap, 0..<count)
      return (name: tap.rawValue, tensor: try HostTensor(floats: Array(rows), shape: [count, layout.width(of: tap)]))
    }
    return try Safetensors.encode(tensors, metadata: [:])
  }

  fileprivate init(encoded bytes: [UInt8]) throws {
    let source = try Safetensors.decode(bytes)
    var values: [FeatureTap: [Float]] = [:]
    var count = 0
    for entry in source.entries {
      values[FeatureTap(rawValue: entry.name)] = try source.read(entry.name).floats()
      count = entry.shape.first ?? 0
    }
    try self.init(values, count: count)
  }
}
