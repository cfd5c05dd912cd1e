/// How a metric changes with the scaling, over groups that share everything else (seeds, say): the change of each group
/// is taken against its own baseline, on the same noise, and only then averaged.
enum PairedChanges {
  struct Change: Sendable {
    let label: String
    let metric: String
    let values: [Double]

    var mean: Double { values.reduce(0, +) / Double(max(values.count, 1)) }
    /// Standard deviation over the groups, divisor n - 1; nil for one group.
    var deviation: Double? {
      guard values.count > 1 else { return nil }
      let mean = mean
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }
  }

  static func changes(of sweep: SweepTable) -> [Change] {
    var order: [String] = []
    var rows: [String: [(own: SweepRow, baseline: SweepRow)]] = [:]
    for group in sweep.groups {
      guard let baseline = group.baseline else { continue }
      for row in group.changed {
        if rows[row.label.scaling] == nil { order.append(row.label.scaling) }
        rows[row.label.scaling, default: []].append((row, baseline))
      }
    }
    return ScoreTable.metricNames(sweep).flatMap { metric in
      order.compactMap { label in
        let values = (rows[label] ?? []).compactMap { pair -> Double? in
          guard let own = pair.own.values.scores[metric], let reference = pair.baseline.values.scores[metric] else { return nil }
          return own - reference
        }
        return values.isEmpty ? nil : Change(label: label, metric: metric, values: values)
      }
    }
  }

  /// Only when there are several groups; with one it would repeat the score table.
  static func table(of sweep: SweepTable, prefix: String) -> ResultTable? {
    guard sweep.groups.count > 1 else { return nil }
    let changes = changes(of: sweep)
    guard !changes.isEmpty else { return nil }
    let columns = [
      ResultColumn(key: "metric", title: "metric"), ResultColumn(key: "scaling", title: "scaling"),
      ResultColumn(key: "groups", title: "groups"),
      ResultColumn(key: "mean_change", title: "mean paired change", isChange: true),
      ResultColumn(key: "deviation", title: "standard deviation"),
      ResultColumn(key: "fell_in", title: "fell in"),
    ]
    let rows = changes.map { change in
      [
        TableValue.text(Metric.title(change.metric)), .text(change.label), .integer(change.values.count), .number(change.mean),
        change.deviation.map(TableValue.number) ?? .missing, .integer(change.values.count { $0 < 0 }),
      ]
    }
    return ResultTable(name: prefix + "paired-changes", caption: "Paired changes over the groups", columns: columns, rows: rows)
  }
}
