import Scoring
import StageSchema

/// The metrics a stage is asked for.
struct MetricChoice: Sendable {
  let metrics: [any Metric]

  static func field(_ role: ParameterField.Role) -> ParameterField {
    ParameterField(
      "metrics", .list(of: .choice(Metrics.all.map(\.name)), count: 1...Metrics.all.count), default: .list([.text("fd")]), role: role,
      doc: Metrics.all.map { "\($0.name): \($0.doc)" }.joined(separator: " "))
  }

  init(_ parameters: StageParameters) throws {
    let names = try parameters.texts("metrics")
    guard Set(names).count == names.count else { throw StageIssue(.parameter(["metrics"]), "a metric is named twice") }
    metrics = try names.map { name in
      guard let metric = Metrics.named(name) else {
        throw StageIssue(
          .parameter(["metrics"]), "there is no such metric", expected: Metrics.all.map(\.name).joined(separator: ", "), found: name)
      }
      return metric
    }
  }

  /// What they ask of one side, by name.
  func kinds(of side: ScoredSide) -> [any FeatureAccumulation.Type] { Metrics.kinds(metrics, of: side) }
}
