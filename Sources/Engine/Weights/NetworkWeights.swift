import Basics
import Checkpoints

/// A network's constants, packed once and shared read-only by every lane.
///
/// Tensors are read one at a time, so the most memory held while loading is the packed weights and one tensor.
///
/// `@unchecked`: the block is written in `init` and never again.
public final class NetworkWeights: @unchecked Sendable {
  public let mode: NumericsMode
  let layout: WeightLayout
  private let block: AlignedBlock

  /// Bytes of the packed weights.
  public var byteCount: Int { layout.byteCount }

  /// Packs what `graph` wants from `source`. Throws `PlumbError` naming the tensor that is missing, has another shape
  /// than the graph asks for, or holds no floats.
  public init(graph: Graph, source: any TensorSource, mode: NumericsMode) throws {
    self.mode = mode
    layout = WeightLayout(graph: try Fusion.apply(graph))
    block = try AlignedBlock(count: layout.count)
    try Self.checkPresence(graph.parameters, source)
    for packed in layout.blocks {
      guard let offset = layout.offset(packed) else { continue }
      try packed.pack(from: source, into: block.base + offset)
    }
  }

  /// Where a block's floats begin; throws for a block of another graph.
  func address(_ packed: PackedBlock) throws -> UnsafePointer<Float> {
    guard let offset = layout.offset(packed) else { throw PlumbError("the weights are those of another network", kind: .input) }
    return UnsafePointer(block.base + offset)
  }

  /// A missing tensor is told before any work.
  private static func checkPresence(_ parameters: [ParameterSpec], _ source: any TensorSource) throws {
    let shapes = Dictionary(source.entries.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    for parameter in parameters {
      guard let shape = shapes[parameter.name] else {
        throw PlumbError("tensor is missing", kind: .input, at: parameter.name, expected: "shape \(parameter.shape)")
      }
      guard shape == parameter.shape else {
        throw PlumbError("tensor has the wrong shape", kind: .input, at: parameter.name, expected: "\(parameter.shape)", found: "\(shape)")
      }
    }
  }
}
