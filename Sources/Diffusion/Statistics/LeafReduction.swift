import Basics

/// The grid samples are reduced on: consecutive samples, aligned on the absolute index.
public enum SampleLeaf {
  /// Samples of a leaf. A constant: another number gives other bits.
  public static let size = 8

  /// The leaf of a sample.
  public static func of(_ sample: Int) -> Int { sample / size }

  /// The leaves that samples touch; empty for no samples.
  public static func leaves(of samples: Range<Int>) -> Range<Int> {
    samples.isEmpty ? 0..<0 : of(samples.lowerBound)..<of(samples.upperBound - 1) + 1
  }
}

/// Merges leaves over one fixed binary tree on the absolute leaf index, so that a total's bits depend only on the leaves:
/// not on how they were cut into blocks nor on the order in which blocks arrive.
///
/// Node (level l, position p) covers leaves p·2^l ..< (p+1)·2^l. Its value is left merged with right, or the only child
/// that has samples. Complete nodes are merged as soon as both children are there, so a block of n leaves keeps at most
/// 2 log2 n values.
public struct LeafReduction<Value: Mergeable>: Sendable {
  /// A complete subtree.
  public struct Node: Sendable {
    public let level: Int
    public let position: Int
    public internal(set) var value: Value
    public var leaves: Range<Int> { position << level..<(position + 1) << level }
  }

  /// Complete subtrees, ascending and disjoint; no two of them are siblings.
  public private(set) var nodes: [Node] = []

  public init() {}

  /// Adds the statistic of one leaf. Throws when the leaf is there already.
  public mutating func add(leaf: Int, _ value: Value) throws {
    try insert(Node(level: 0, position: leaf, value: value))
  }

  /// Adds the leaves of another block. Throws when a leaf is in both.
  public mutating func merge(_ other: LeafReduction) throws {
    for node in other.nodes { try insert(node) }
  }

  mutating func insert(_ node: Node) throws {
    guard (0...32).contains(node.level), node.position >= 0, node.position <= Int.max >> 33 else {
      throw PlumbError("no such leaf", found: "level \(node.level), position \(node.position)")
    }
    var place = nodes.firstIndex { $0.leaves.lowerBound >= node.leaves.lowerBound } ?? nodes.count
    let clash =
      (place > 0 && nodes[place - 1].leaves.overlaps(node.leaves)) || (place < nodes.count && nodes[place].leaves.overlaps(node.leaves))
    guard !clash else { throw PlumbError("samples are counted twice", found: "leaves \(node.leaves)") }
    nodes.insert(node, at: place)

    while true {
      let node = nodes[place]
      let left = node.position % 2 == 0 ? place : place - 1
      guard left >= 0, left + 1 < nodes.count, nodes[left].level == node.level, nodes[left + 1].level == node.level,
        nodes[left].position / 2 == nodes[left + 1].position / 2
      else { return }
      let right = nodes.remove(at: left + 1)
      var value = nodes[left].value
      try value.merge(right.value)
      nodes[left] = Node(level: node.level + 1, position: node.position / 2, value: value)
      place = left
    }
  }

  /// The total over `samples`; throws when a leaf is missing or there are others.
  public func total(of samples: Range<Int>) throws -> Value {
    let wanted = SampleLeaf.leaves(of: samples)
    var next = wanted.lowerBound
    for node in nodes {
      guard node.leaves.lowerBound == next else { break }
      next = node.leaves.upperBound
    }
    guard !wanted.isEmpty, next == wanted.upperBound, nodes.last?.leaves.upperBound == next, let total = try total() else {
      throw PlumbError("blocks do not add up to samples \(samples)", expected: "leaves \(wanted)", found: "\(nodes.map(\.leaves))")
    }
    return total
  }

  /// The total over all leaves; nil without any.
  public func total() throws -> Value? {
    guard let first = nodes.first, let last = nodes.last else { return nil }
    var level = 0
    while first.leaves.lowerBound >> level != (last.leaves.upperBound - 1) >> level { level += 1 }
    return try Self.total(nodes[...], level: level)
  }

  /// The value of the node at `level` that covers `part`, which is not empty.
  private static func total(_ part: ArraySlice<Node>, level: Int) throws -> Value? {
    guard let first = part.first, part.count > 1 else { return part.first?.value }
    let middle = ((first.leaves.lowerBound >> level) << level) + (1 << (level - 1))
    let split = part.firstIndex { $0.leaves.lowerBound >= middle } ?? part.endIndex
    let (left, right) = (part[..<split], part[split...])
    guard var value = try total(left, level: level - 1) else { return try total(right, level: level - 1) }
    if let other = try total(right, level: level - 1) { try value.merge(other) }
    return value
  }
}

extension LeafReduction: NumberCodable where Value: NumberCodable {
  public func write(to numbers: inout [Double]) {
    numbers.append(Double(nodes.count))
    for node in nodes {
      numbers.append(contentsOf: [Double(node.level), Double(node.position)])
      node.value.write(to: &numbers)
    }
  }

  public init(from numbers: inout NumberReader) throws {
    for _ in 0..<(try numbers.nextCount()) {
      let (level, position) = (try numbers.nextCount(), try numbers.nextCount())
      try insert(Node(level: level, position: position, value: try Value(from: &numbers)))
    }
  }
}
