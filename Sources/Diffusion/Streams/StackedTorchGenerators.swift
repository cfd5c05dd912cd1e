import Basics

/// EDM's `StackedRandomGenerator` (generate.py): one PyTorch generator per sample, so that a sample's numbers do not
/// depend on its neighbours. A batch is the stack of the samples' own draws.
public struct StackedTorchGenerators: Sendable, Hashable {
  private var generators: [TorchGenerator]

  /// Seeds count modulo 2^32, negative ones too.
  public init(seeds: [Int64]) { generators = seeds.map { TorchGenerator(seed: UInt64(bitPattern: $0)) } }

  /// `randn([samples] + rest)`, where `count` is the product of `rest`: [samples · count].
  public mutating func normals<Scalar: TorchUniform>(_ count: Int, as type: Scalar.Type) -> [Scalar] {
    generators.indices.flatMap { generators[$0].normals(count, as: type) }
  }

  /// `randint(bound, size: [samples] + rest)`, where `count` is the product of `rest`. Throws unless `bound` is positive.
  public mutating func integers(_ count: Int, below bound: Int64) throws -> [Int64] {
    try generators.indices.flatMap { try generators[$0].integers(count, from: 0, below: bound) }
  }
}
