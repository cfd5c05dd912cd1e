/// Where the packed constants of a graph lie in one read-only block: in order of use, each once.
struct WeightLayout: Sendable, Hashable {
  private(set) var blocks: [PackedBlock] = []
  private var offsets: [PackedBlock: Int] = [:]
  /// Floats of all blocks.
  private(set) var count = 0

  var byteCount: Int { count * MemoryLayout<Float>.stride }

  init(graph: Graph) {
    for block in graph.nodes.flatMap(\.operation.packedBlocks) where offsets[block] == nil {
      offsets[block] = count
      blocks.append(block)
      count += MemoryPlan.aligned(block.count)
    }
  }

  /// In floats; nil for a block of another graph.
  func offset(_ block: PackedBlock) -> Int? { offsets[block] }
}
