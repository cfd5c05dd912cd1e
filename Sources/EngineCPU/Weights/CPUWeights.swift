import Basics
package import Checkpoints
import Engine

/// A network's constants, packed once and shared read-only by every lane.
///
/// Tensors are read one at a time, so the most memory held while loading is the packed weights and one tensor.
///
/// `@unchecked`: the block is written in `init` and never again.
package final class CPUWeights: @unchecked Sendable {
  let mode: NumericsMode
  private let layout: WeightLayout
  private let block: AlignedBlock

  /// Bytes of the packed weights.
  var byteCount: Int { layout.byteCount }

  /// Packs what the network wants from `source`. Throws `PlumbError` naming the tensor that is missing, has another shape
  /// than the graph asks for, or holds no floats.
  package init(_ network: CPUNetwork, source: any TensorSource) throws {
    mode = network.mode
    layout = network.weightLayout
    block = try AlignedBlock(count: layout.count)
    try network.graph.checkPresence(in: source)
    for packed in layout.blocks {
      guard let offset = layout.offset(packed) else { continue }
      try packed.pack(from: source, into: block.base + offset)
    }
  }

  /// Where a block's floats begin; throws for a block of another graph.
  func address(_ packed: any PackedBlock) throws -> UnsafePointer<Float> {
    guard let offset = layout.offset(packed) else { throw PlumbError("the weights are those of another network", kind: .input) }
    return UnsafePointer(block.base + offset)
  }
}
