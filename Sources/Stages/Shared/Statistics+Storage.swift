import ArtifactStore
import Basics
import Checkpoints
import Diffusion
import StageKit

/// How a block's streamed statistics are kept: one float64 tensor, exactly.
extension LeafReduction where Value: NumberCodable {
  func encoded() throws -> [UInt8] {
    let numbers = self.numbers
    return try Safetensors.encode([(name: "statistics", tensor: HostTensor(doubles: numbers, shape: [numbers.count]))], metadata: [:])
  }

  init(_ object: ObjectRef, in store: ArtifactStore) throws {
    try self.init(numbers: Safetensors.decode(store.read(object)).read("statistics").doubles())
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
