import Engine

/// Where the packed constants of a graph lie in one read-only block: in order of use, each once.
struct WeightLayout: Sendable {
  private(set) var blocks: [any PackedBlock] = []
  private var offsets: [Key: Int] = [:]
  /// Floats of all blocks.
  private(set) var count = 0

  var byteCount: Int { count * MemoryLayout<Float>.stride }

  init(graph: Graph) {
    for block in graph.nodes.flatMap({ $0.kernel?.constants ?? [] }) where offsets[Key(block: block)] == nil {
      offsets[Key(block: block)] = count
      blocks.append(block)
      count += MemoryPlan.aligned(block.count)
    }
  }

  /// In floats; nil for a block of another graph.
  func offset(_ block: any PackedBlock) -> Int? { offsets[Key(block: block)] }

  private struct Key: Sendable, Hashable {
    let block: any PackedBlock

    static func == (one: Key, other: Key) -> Bool { one.block.equals(other.block) }

    func hash(into hasher: inout Hasher) { hasher.combine(block) }
  }
}

extension PackedBlock {
  fileprivate func equals(_ other: any PackedBlock) -> Bool { other as? Self == self }
}
