/// A figure of merit of generated images: what it is called, what it asks of the images, and how it is computed of that.
///
/// Adding one is adding a folder beside this file with a conforming type, and its line in `Metrics.all`: the choices and the
/// help of `metrics`, what is accumulated of which images, and what a report marks as best all follow from the value.
package protocol Metric: Sendable {
  /// As pipelines name it: `class-score`.
  var name: String { get }
  /// As tables head it: `FD`.
  var title: String { get }
  /// A sentence for the help page: the formula, and which convention of it.
  var doc: String { get }
  var direction: MetricDirection { get }
  /// What is accumulated of the generated images.
  var ofGenerated: [any FeatureAccumulation.Type] { get }
  /// What is accumulated of the reference; empty for a metric that needs none.
  var ofReference: [any FeatureAccumulation.Type] { get }
  /// The least number of images on each side that is asked for something.
  var leastImages: Int { get }

  /// The value. Throws where it is not defined.
  func value(generated: FeatureSummary, reference: FeatureSummary) throws -> Double
}

extension Metric {
  package var leastImages: Int { 1 }
  /// As scores name it: `class_score`.
  package var resultName: String { name.replacing("-", with: "_") }

  /// What is accumulated of one side.
  package func kinds(of side: ScoredSide) -> [any FeatureAccumulation.Type] {
    switch side {
    case .generated: ofGenerated
    case .reference: ofReference
    }
  }
}

/// Which values of a metric are the better ones.
package enum MetricDirection: Sendable, Hashable {
  case lower, higher
}

/// The two sets of images a score compares.
package enum ScoredSide: String, Sendable, CaseIterable {
  case generated, reference
}

/// Every metric there is, in the order in which they are listed.
package enum Metrics {
  package static let all: [any Metric] = [
    FrechetDistanceMetric(),
    ClassScoreMetric(),
  ]

  package static func named(_ name: String) -> (any Metric)? { all.first { $0.name == name } }

  /// What some metrics ask of one side, each kind once, by name.
  package static func kinds(_ metrics: [any Metric], of side: ScoredSide) -> [any FeatureAccumulation.Type] {
    var kinds: [String: any FeatureAccumulation.Type] = [:]
    for kind in metrics.flatMap({ $0.kinds(of: side) }) { kinds[kind.name] = kind }
    return kinds.sorted { $0.key < $1.key }.map(\.value)
  }
}
