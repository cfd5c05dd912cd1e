import Basics
import Scoring

/// The scores over the sweep: the axes' fields, the metrics, the change of each against the baseline of its group, and
/// what the curves come down to.
package enum ScoreTable {
  package static func table(of sweep: SweepTable, prefix: String) -> ResultTable? {
    let metrics = sweep.metrics
    let measures = sweep.rows.map(\.measures)
    guard !sweep.rows.isEmpty else { return nil }
    var columns = axisColumns(sweep).map { axisColumn($0) }
    let hasChanges = sweep.groups.contains { $0.rows.count > 1 }
    let baselines = Dictionary(
      sweep.groups.flatMap { group in group.rows.map { ($0.position, group.baseline) } }, uniquingKeysWith: { first, _ in first })
    for metric in metrics {
      let title = ScoreHeading(of: metric).title
      columns.append(Column(ResultColumn(score: metric)) { row in number(row.values.scores[metric]) })
      guard hasChanges else { continue }
      columns.append(
        Column(ResultColumn(key: "\(metric)_change", title: "change of \(title)", isChange: true)) { row in
          guard let baseline = baselines[row.position] ?? nil, baseline.position != row.position else { return .missing }
          guard let own = row.values.scores[metric], let reference = baseline.values.scores[metric] else { return .missing }
          return .number(own - reference)
        })
    }
    func measured(_ key: String, _ title: String, isChange: Bool = false, _ value: @escaping @Sendable (RowMeasures) -> Double?) {
      guard measures.contains(where: { value($0) != nil }) else { return }
      columns.append(Column(ResultColumn(key: key, title: title, isChange: isChange)) { row in number(value(measures[row.position])) })
    }
    measured("mean_gap", "mean ΔN", isChange: true) { $0.meanGap }
    measured("mean_absolute_gap", "mean abs. ΔN") { $0.meanAbsoluteGap }
    measured("delta_first", "δ\(firstStep(measures))") { $0.firstDelta?.value }
    measured("spread_ratio_first", "spread\(firstStep(measures)) / forward") { measure in
      measure.spread.flatMap { $0.forward == 0 ? nil : $0.sampling / $0.forward }
    }
    return ResultTable(
      name: prefix + "scores", caption: prefix.isEmpty ? "Scores over the sweep" : "Scores over the sweep, \(sweep.name)",
      columns: columns.map(\.head),
      rows: sweep.rows.map { row in columns.map { $0.value(row) } })
  }

  private struct Column {
    let head: ResultColumn
    let value: (SweepRow) -> TableValue

    init(_ head: ResultColumn, _ value: @escaping (SweepRow) -> TableValue) {
      self.head = head
      self.value = value
    }
  }

  private static func axisColumns(_ sweep: SweepTable) -> [String] {
    var names: [String] = []
    for axis in sweep.axes {
      for row in sweep.rows {
        for coordinate in row.coordinates where coordinate.axis == axis {
          for column in coordinate.columns where !names.contains(column.name) { names.append(column.name) }
        }
      }
    }
    return names.isEmpty && sweep.rows.count > 1 ? ["cell"] : names
  }

  private static func axisColumn(_ name: String) -> Column {
    Column(ResultColumn(key: name, title: name)) { row in axisValue(row, column: name) }
  }

  private static func axisValue(_ row: SweepRow, column name: String) -> TableValue {
    if name == "cell", row.coordinates.isEmpty { return .text(row.label.full) }
    guard let value = row.coordinates.flatMap(\.columns).first(where: { $0.name == name })?.value else { return .missing }
    return TableValue(value)
  }

  private static func number(_ value: Double?) -> TableValue {
    value.map(TableValue.number) ?? .missing
  }

  private static func firstStep(_ measures: [RowMeasures]) -> String {
    measures.lazy.compactMap(\.firstDelta?.step).first == 1 ? "₁" : " (least noise)"
  }
}

extension ResultColumn {
  /// The column of a score.
  init(score name: String) {
    let heading = ScoreHeading(of: name)
    self.init(key: name, title: heading.title, better: heading.direction)
  }
}
