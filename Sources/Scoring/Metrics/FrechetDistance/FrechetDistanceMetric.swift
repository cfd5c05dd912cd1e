/// The Fréchet distance on the features of any network: FID's formula, and FID where the features are Inception's.
package struct FrechetDistanceMetric: Metric {
  package let name = "fd"
  package let title = "FD"
  package let doc = "Fréchet distance of Gaussians fitted to the features (covariance divisor N - 1)."
  package let direction = MetricDirection.lower
  package let ofGenerated: [any FeatureAccumulation.Type] = [FeatureMoments.self]
  package let ofReference: [any FeatureAccumulation.Type] = [FeatureMoments.self]
  /// A covariance takes two.
  package let leastImages = 2

  package func value(generated: FeatureSummary, reference: FeatureSummary) throws -> Double {
    try frechetDistance(generated.total(FeatureMoments.self).statistics(), reference.total(FeatureMoments.self).statistics())
  }
}

extension FeatureMoments: FeatureAccumulation {
  package static let name = "moments"
  package static let taps: [FeatureTap] = [.features]

  package static func numberCount(_ layout: FeatureLayout) -> Int {
    let width = layout.widths[.features] ?? 0
    return 2 + width + width * (width + 1) / 2
  }

  package init(_ layout: FeatureLayout) throws { try self.init(width: layout.width(of: .features)) }

  package mutating func add(_ rows: FeatureRows, _ images: Range<Int>) throws {
    try add(rows: Array(rows.rows(.features, images)))
  }
}
