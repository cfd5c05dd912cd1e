import Diffusion

/// The Inception Score's formula on the classes of any network, all images as one split.
package struct ClassScoreMetric: Metric {
  package let name = "class-score"
  package let title = "class score"
  package let doc = "The Inception Score's formula, one split."
  package let direction = MetricDirection.higher
  package let ofGenerated: [any FeatureAccumulation.Type] = [ClassScore.self]
  package let ofReference: [any FeatureAccumulation.Type] = []

  package func value(generated: FeatureSummary, reference: FeatureSummary) throws -> Double {
    try generated.total(ClassScore.self).score
  }
}

extension ClassScore: FeatureAccumulation {
  package static let name = "class-probabilities"
  package static let taps: [FeatureTap] = [.logits]

  package static func numberCount(_ layout: FeatureLayout) -> Int { 3 + (layout.widths[.logits] ?? 0) }

  package init(_ layout: FeatureLayout) throws { try self.init(classes: layout.width(of: .logits)) }

  package mutating func add(_ rows: FeatureRows, _ images: Range<Int>) throws {
    let logits = try rows.rows(.logits, images)
    let classes = try rows.layout.width(of: .logits)
    for start in stride(from: logits.startIndex, to: logits.endIndex, by: classes) { try add(logits: logits[start..<start + classes]) }
  }
}
