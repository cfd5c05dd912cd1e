/// What is known of a score by its name in a result alone: what heads its column, and which of its values are the better ones.
///
/// The name is that of a metric that is computed here, or a common one that other programs write; of any other nothing is known.
package struct ScoreHeading: Sendable, Hashable {
  package let title: String
  /// nil when it is not known.
  package let direction: MetricDirection?

  /// - Parameter name: `class_score`; with a port before it where two ports brought the same score: `theirs.fid`.
  package init(of name: String) {
    let own = name.split(separator: ".").last.map(String.init) ?? name
    let metric = Metrics.all.first { $0.resultName == own }
    let known = metric.map { ($0.title, $0.direction) } ?? Self.elsewhere[own]
    title = own == name ? known?.0 ?? Self.words(name) : Self.words(name)
    direction = known?.1
  }

  private static func words(_ name: String) -> String { name.replacing("_", with: " ") }

  private static let elsewhere: [String: (String, MetricDirection)] = [
    "fid": ("FID", .lower), "sfid": ("sFID", .lower), "kid": ("KID", .lower), "is": ("IS", .higher),
    "inception_score": ("inception score", .higher), "precision": ("precision", .higher), "recall": ("recall", .higher),
  ]
}
