import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import StageRuntime

/// How statistics are kept: one float64 tensor, exactly.
enum StatisticsTensor {
  private static let name = "statistics"

  static func encoded(_ numbers: [Double]) throws -> [UInt8] {
    try Safetensors.encode([(name: name, tensor: HostTensor(doubles: numbers, shape: [numbers.count]))], metadata: [:])
  }

  static func numbers(of bytes: [UInt8]) throws -> [Double] { try Safetensors.decode(bytes).read(name).doubles() }
}

/// How a block's streamed statistics are kept.
extension LeafReduction where Value: NumberCodable {
  func encoded() throws -> [UInt8] { try StatisticsTensor.encoded(numbers) }

  init(_ object: ObjectRef, in store: ArtifactStore) throws { try self.init(encoded: store.read(object)) }

  init(encoded bytes: [UInt8]) throws {
    try self.init(numbers: StatisticsTensor.numbers(of: bytes))
  }

  /// The total over all blocks: one block in memory beside the running tree.
  static func total(_ blocks: [FinishedBlock], extent: Range<Int>, in context: StageContext) throws -> Value {
    var reduction = LeafReduction()
    for block in blocks {
      try context.checkCancelled()
      try reduction.merge(LeafReduction(block.object("statistics"), in: context.store))
    }
    return try reduction.total(of: extent)
  }
}

/// Statistics of chains, index by index.
protocol ChainStatistics: NumberCodable, Mergeable {
  /// What is kept for every index, those of the states first seen last: a chain goes from the highest index to 0.
  var indexed: [[Double]] { get }
}

extension SamplingNorms: ChainStatistics {
  var indexed: [[Double]] {
    predicted.steps.indices.map { index in
      predicted.steps[index].numbers + (corrected.steps.indices.contains(index) ? corrected.steps[index].numbers : [])
    }
  }
}

extension ChainSpread: ChainStatistics {
  var indexed: [[Double]] { residual.steps.indices.map { residual.steps[$0].numbers + marginal.steps[$0].numbers } }
}

extension LeafReduction where Value: ChainStatistics {
  /// `BlockedStage.partingStep` for blocks that keep their statistics under "statistics".
  static func partingStep(_ one: [String: [UInt8]], _ other: [String: [UInt8]], tolerance: Double) throws -> Int? {
    guard let left = one["statistics"], let right = other["statistics"] else { return nil }
    var first: Int?
    for (mine, yours) in zip(try LeafReduction(encoded: left).nodes, try LeafReduction(encoded: right).nodes) {
      let (mine, yours) = (mine.value.indexed, yours.value.indexed)
      let apart = zip(mine, yours).map { pair in zip(pair.0, pair.1).contains { areApart($0, $1, tolerance) } }
      guard let index = apart.lastIndex(of: true) else { continue }
      first = min(first ?? .max, mine.count - index)
    }
    return first
  }

  private static func areApart(_ one: Double, _ other: Double, _ tolerance: Double) -> Bool {
    guard !one.isNaN, !other.isNaN else { return one.isNaN != other.isNaN }
    return abs(one - other) > tolerance * max(abs(one), abs(other))
  }
}
