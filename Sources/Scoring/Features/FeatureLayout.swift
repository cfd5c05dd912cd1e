import Basics

/// A vector that a feature network gives of every image, by the name of the graph's output.
package struct FeatureTap: RawRepresentable, Sendable, Hashable {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  /// What distances are measured on.
  package static let features = FeatureTap(rawValue: "features")
  /// Unnormalised log probabilities of the network's classes.
  package static let logits = FeatureTap(rawValue: "logits")
}

/// What is known of an image's features before there are any: the vectors and their widths.
package struct FeatureLayout: Sendable, Hashable {
  package let widths: [FeatureTap: Int]

  package init(_ widths: [FeatureTap: Int]) { self.widths = widths }

  /// In alphabetical order.
  package var taps: [FeatureTap] { widths.keys.sorted { $0.rawValue < $1.rawValue } }
  /// Numbers of one image.
  package var numberCount: Int { widths.values.reduce(0, +) }

  /// Numbers of a vector. Throws when the network does not give it.
  package func width(of tap: FeatureTap) throws -> Int {
    guard let width = widths[tap] else {
      throw PlumbError(
        "the features have no \(tap.rawValue)", kind: .input, expected: "a feature network with \(tap.rawValue)",
        found: taps.map(\.rawValue).joined(separator: ", "))
    }
    return width
  }
}
