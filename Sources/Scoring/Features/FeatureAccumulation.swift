import Basics
package import Diffusion

/// Something that is kept of a set of images for metrics, made of their features: moments, sums of probabilities, the features
/// themselves. It merges, so that it is made leaf by leaf over the fixed tree and its bits depend on the images and their order
/// only.
package protocol FeatureAccumulation: Mergeable, NumberCodable {
  /// As keys and artifacts name it. Another way of adding up is another name.
  static var name: String { get }
  /// The vectors it is made of.
  static var taps: [FeatureTap] { get }
  /// Numbers of one value, about: what it takes in memory and in the store.
  static func numberCount(_ layout: FeatureLayout) -> Int

  /// One of no images. Throws when the layout lacks one of `taps`.
  init(_ layout: FeatureLayout) throws
  /// Adds some of the images, in order.
  mutating func add(_ rows: FeatureRows, _ images: Range<Int>) throws
}

/// Accumulations of one set of images, block by block.
package struct FeatureReduction: Sendable {
  private var reductions: [any Reducing]

  /// Throws when the layout lacks what one of the kinds is made of.
  package init(_ kinds: [any FeatureAccumulation.Type], _ layout: FeatureLayout) throws {
    reductions = try kinds.map { try Self.reduction($0, layout) }
  }

  private static func reduction<Kind: FeatureAccumulation>(_ kind: Kind.Type, _ layout: FeatureLayout) throws -> any Reducing {
    _ = try kind.taps.map(layout.width)
    return Reduction<Kind>(layout: layout)
  }

  /// Adds a block whose first image has the index `first`, which begins a leaf; so does the block after it. In any order.
  package mutating func add(_ rows: FeatureRows, first: Int) throws {
    for index in reductions.indices { try reductions[index].add(rows, first: first) }
  }

  /// The totals over `images`, by name. Throws when an image is missing or there are others.
  package func totals(of images: Range<Int>) throws -> [(name: String, numbers: [Double])] {
    try reductions.map { try ($0.name, $0.total(of: images)) }
  }
}

private protocol Reducing: Sendable {
  var name: String { get }
  mutating func add(_ rows: FeatureRows, first: Int) throws
  func total(of images: Range<Int>) throws -> [Double]
}

private struct Reduction<Kind: FeatureAccumulation>: Reducing {
  let layout: FeatureLayout
  private var tree = LeafReduction<Kind>()

  init(layout: FeatureLayout) { self.layout = layout }

  var name: String { Kind.name }

  mutating func add(_ rows: FeatureRows, first: Int) throws {
    for leaf in SampleLeaf.leaves(of: first..<first + rows.count) {
      let images = (leaf * SampleLeaf.size..<(leaf + 1) * SampleLeaf.size).clamped(to: first..<first + rows.count)
      var value = try Kind(layout)
      try value.add(rows, images.lowerBound - first..<images.upperBound - first)
      try tree.add(leaf: leaf, value)
    }
  }

  func total(of images: Range<Int>) throws -> [Double] { try tree.total(of: images).numbers }
}

/// What was accumulated of a set of images.
package struct FeatureSummary: Sendable {
  /// Images.
  package let count: Int
  private let totals: [String: any FeatureAccumulation]

  /// - Parameter numbers: the total of a kind, by name, as `FeatureReduction.totals` gave it.
  package init(count: Int, _ kinds: [any FeatureAccumulation.Type], numbers: (String) throws -> [Double]) throws {
    self.count = count
    var totals: [String: any FeatureAccumulation] = [:]
    for kind in kinds { totals[kind.name] = try kind.init(numbers: numbers(kind.name)) }
    self.totals = totals
  }

  /// The total of a kind. Throws when the metric did not ask for it.
  package func total<Kind: FeatureAccumulation>(_ kind: Kind.Type) throws -> Kind {
    guard let total = totals[kind.name] as? Kind else {
      throw PlumbError("nothing was accumulated as \(kind.name)", found: totals.keys.sorted().joined(separator: ", "))
    }
    return total
  }
}
