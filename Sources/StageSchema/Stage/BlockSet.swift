/// Some of the blocks that an extent has on the fixed grid: runs of consecutive ones, so that a few numbers tell, however many
/// there are.
package struct BlockSet: Sendable, Hashable {
  /// Absolute sample indices the blocks lie in; the first and last block may be cut short.
  package let extent: Range<Int>
  package let blockSize: Int
  /// Positions of blocks on the grid.
  private var positions: RangeSet<Int>

  /// All blocks of an extent.
  package init(of extent: Range<Int>, blockSize: Int) {
    (self.extent, self.blockSize) = (extent, blockSize)
    positions = extent.isEmpty ? RangeSet() : RangeSet(extent.lowerBound / blockSize..<(extent.upperBound - 1) / blockSize + 1)
  }

  private init(_ other: BlockSet, _ positions: RangeSet<Int>) {
    (extent, blockSize) = (other.extent, other.blockSize)
    self.positions = positions
  }

  /// None of them.
  package var none: BlockSet { BlockSet(self, RangeSet()) }

  package var isEmpty: Bool { positions.isEmpty }

  /// How many they are. Complexity: O(runs), as of all that follows.
  package var count: Int { positions.ranges.reduce(0) { $0 + $1.count } }

  /// How many samples they hold.
  package var samples: Int { positions.ranges.reduce(0) { $0 + samples(of: $1).count } }

  /// Samples in the largest of them.
  package var largest: Int {
    // A run of three has a whole one in its middle.
    positions.ranges.reduce(0) { largest, run in
      run.count > 2 ? max(largest, blockSize) : run.reduce(largest) { max($0, range(at: $1).count) }
    }
  }

  /// Their ranges in order, made one by one.
  package var ranges: some Sequence<Range<Int>> { positions.ranges.lazy.flatMap { $0 }.map { range(at: $0) } }

  /// Takes out the first of them; nil when there is none.
  package mutating func popFirst() -> Range<Int>? {
    guard let first = positions.ranges.first?.lowerBound else { return nil }
    positions.remove(contentsOf: first..<first + 1)
    return range(at: first)
  }

  package mutating func formUnion(_ other: BlockSet) { positions.formUnion(other.positions) }

  package func subtracting(_ other: BlockSet) -> BlockSet { BlockSet(self, positions.subtracting(shared(with: other))) }

  /// Those that are the same blocks in both: they lie at one place of the grid and are cut alike.
  package func intersection(_ other: BlockSet) -> BlockSet { BlockSet(self, shared(with: other)) }

  /// Those of which `body` holds, asked in order.
  package func filter(_ body: (Range<Int>) throws -> Bool) rethrows -> BlockSet {
    var kept = RangeSet<Int>()
    for run in positions.ranges {
      var start: Int?
      for position in run {
        if try body(range(at: position)) {
          start = start ?? position
        } else if let first = start {
          kept.insert(contentsOf: first..<position)
          start = nil
        }
      }
      if let start { kept.insert(contentsOf: start..<run.upperBound) }
    }
    return BlockSet(self, kept)
  }

  /// `count` of them, spread evenly, the first and the last among them.
  package func spread(_ wanted: Int) -> BlockSet {
    let all = count
    guard wanted < all else { return self }
    var kept = RangeSet<Int>()
    for number in 0..<max(0, wanted) {
      // 1 would divide by nothing; it is the first.
      let index = wanted > 1 ? Int((Double(number) * Double(all - 1) / Double(wanted - 1)).rounded(.down)) : 0
      if let position = position(min(index, all - 1)) { kept.insert(contentsOf: position..<position + 1) }
    }
    return BlockSet(self, kept)
  }

  private func position(_ index: Int) -> Int? {
    var index = index
    for run in positions.ranges {
      if index < run.count { return run.lowerBound + index }
      index -= run.count
    }
    return nil
  }

  private func range(at position: Int) -> Range<Int> { samples(of: position..<position + 1) }

  private func samples(of run: Range<Int>) -> Range<Int> {
    (run.lowerBound * blockSize..<run.upperBound * blockSize).clamped(to: extent)
  }

  private func shared(with other: BlockSet) -> RangeSet<Int> {
    guard blockSize == other.blockSize else { return RangeSet() }
    var shared = positions.intersection(other.positions)
    // Only at the ends of either extent may blocks of one place differ.
    for end in [extent, other.extent] where !end.isEmpty {
      for position in [end.lowerBound / blockSize, (end.upperBound - 1) / blockSize] where range(at: position) != other.range(at: position)
      {
        shared.remove(contentsOf: position..<position + 1)
      }
    }
    return shared
  }
}

extension Blocked {
  /// All blocks of the extent.
  package var blocks: BlockSet { BlockSet(of: extent, blockSize: Self.blockSize) }
}
