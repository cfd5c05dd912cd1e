import OrderedCollections
import Scoring

/// How a metric changes over what is compared, setting by setting. Where there are several draws of one experiment (seeds), the
/// change of each is taken against its own baseline, on the same noise, and only then averaged; unlike settings are never averaged.
package enum PairedChanges {
  package struct Change: Sendable {
    let metric: String
    /// The settings that both rows share.
    let settings: String
    /// What is compared with the baseline ("b = 1.02").
    let label: String
    /// One for each draw.
    package let values: [Double]

    var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    /// Standard deviation over the draws, divisor n - 1; nil for one draw.
    package var deviation: Double? {
      guard values.count > 1 else { return nil }
      let mean = mean
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
  }

  private struct Place: Hashable {
    let settings: String
    let label: String
  }

  static func changes(of sweep: SweepTable) -> [Change] {
    let pairs = sweep.groups.flatMap { group -> [(place: Place, own: SweepRow, baseline: SweepRow)] in
      guard let baseline = group.baseline else { return [] }
      return group.changed.map { (Place(settings: group.settings, label: $0.label.compared), $0, baseline) }
    }
    let places = OrderedDictionary(grouping: pairs) { $0.place }
    return sweep.metrics.flatMap { metric in
      places.compactMap { place, pairs in
        let values = pairs.compactMap { pair -> Double? in
          guard let own = pair.own.values.scores[metric], let reference = pair.baseline.values.scores[metric] else { return nil }
          return own - reference
        }
        return values.isEmpty ? nil : Change(metric: metric, settings: place.settings, label: place.label, values: values)
      }
    }
  }

  /// Only when there are several draws; with one it would repeat the score table.
  package static func table(of sweep: SweepTable, prefix: String) -> ResultTable? {
    guard sweep.hasReplicates else { return nil }
    let changes = sweep.changes
    guard !changes.isEmpty else { return nil }
    let hasSettings = changes.contains { !$0.settings.isEmpty }
    let columns =
      [ResultColumn(key: "metric", title: "metric")] + (hasSettings ? [ResultColumn(key: "settings", title: "settings")] : [])
      + [
        ResultColumn(key: "compared", title: sweep.comparison == .scaling ? "scaling" : "compared"),
        ResultColumn(key: "replicates", title: "replicates"), ResultColumn(key: "mean_change", title: "mean paired change", isChange: true),
        ResultColumn(key: "deviation", title: "standard deviation"), ResultColumn(key: "fell_in", title: "fell in"),
      ]
    let rows = changes.map { change in
      [TableValue.text(ScoreHeading(of: change.metric).title)] + (hasSettings ? [.text(change.settings)] : [])
        + [
          .text(change.label), .integer(change.values.count), .number(change.mean),
          change.deviation.map(TableValue.number) ?? .missing, .integer(change.values.count { $0 < 0 }),
        ]
    }
    return ResultTable(name: prefix + "paired-changes", caption: "Paired changes over the replicates", columns: columns, rows: rows)
  }
}
