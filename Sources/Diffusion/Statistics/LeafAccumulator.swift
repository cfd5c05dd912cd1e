import Basics

/// Fills leaves sample by sample and hands finished ones to the reduction.
///
/// Samples of one step must arrive in ascending order; a leaf may be spread over several batches and a batch over
/// several leaves.
struct LeafAccumulator<Value: Mergeable> {
  private let empty: Value
  private var open: [(leaf: Int, value: Value)] = []
  private var reduction = LeafReduction<Value>()

  init(empty: Value) { self.empty = empty }

  /// Changes the leaf of a sample in place.
  mutating func update(_ sample: Int, _ change: (inout Value) throws -> Void) throws {
    let leaf = SampleLeaf.of(sample)
    if let position = open.firstIndex(where: { $0.leaf == leaf }) {
      try change(&open[position].value)
    } else {
      var value = empty
      try change(&value)
      open.append((leaf, value))
    }
  }

  /// Closes the leaves that no sample from `sample` on belongs to.
  mutating func close(before sample: Int) throws {
    while let position = open.firstIndex(where: { ($0.leaf + 1) * SampleLeaf.size <= sample }) {
      let done = open.remove(at: position)
      try reduction.add(leaf: done.leaf, done.value)
    }
  }

  /// Closes every leaf, also a partial one at the end of a range.
  mutating func finish() throws -> LeafReduction<Value> {
    try close(before: Int.max)
    return reduction
  }
}
