import Basics
package import Diffusion

/// Whether every number of a block's chains is finite. A network whose numbers overflow ends in pictures that look black, and in
/// norms that are missing from their curve, and neither says why.
package struct FiniteSamples {
  /// Samples that came out with a value that is not finite.
  private var found: Set<Int> = []

  package init() {}

  /// Looks at what samples came out as: states, or pictures made of them, `[samples, C, H, W]`.
  package mutating func look(at values: UnsafeBufferPointer<Float>, of samples: Range<Int>) {
    guard !samples.isEmpty else { return }
    let size = values.count / samples.count
    for (position, sample) in samples.enumerated() {
      let image = values[position * size..<(position + 1) * size]
      if !image.allSatisfy({ $0.isFinite }) { found.insert(sample) }
    }
  }

  /// Throws where a picture, or a norm met on the way, is not finite: which samples, and the step it began with.
  package func check(_ norms: LeafReduction<SamplingNorms>, of samples: Range<Int>, over levels: NoiseLevels) throws {
    let places = norms.nodes.compactMap { node -> (index: Int, samples: Range<Int>)? in
      guard let index = node.value.indexed.lastIndex(where: { !$0.allSatisfy(\.isFinite) }) else { return nil }
      let leaves = node.leaves.lowerBound * SampleLeaf.size..<node.leaves.upperBound * SampleLeaf.size
      return (index, leaves.clamped(to: samples))
    }
    let first = places.map(\.index).max()
    guard first != nil || !found.isEmpty else { return }
    let step = first.map { " at step \(levels.count - $0)\(Self.level($0, levels))" } ?? ""
    let among = places.first { $0.index == first }?.samples ?? samples
    throw PlumbError(
      "non-finite value\(step) in \(found.isEmpty ? "one of samples \(among.lowerBound) to \(among.upperBound - 1)" : names)",
      expected: "a network whose numbers stay within float32")
  }

  private static func level(_ index: Int, _ levels: NoiseLevels) -> String {
    guard levels.labels.indices.contains(index) else { return "" }
    let label = levels.labels[index]
    return " (\(levels.axis.rawValue) \(Int(exactly: label).map(String.init) ?? "\(label)"))"
  }

  private var names: String {
    let shown = found.sorted().prefix(8).map(String.init).joined(separator: ", ")
    let more = found.count > 8 ? " and \(found.count - 8) more" : ""
    return "\(found.count == 1 ? "sample" : "samples") \(shown)\(more)"
  }
}
