/// What the scores say: the baseline's value and the changes against it.
enum ScoreFindings {
  static func all(of sweep: SweepTable) -> [Finding] {
    let changes = PairedChanges.changes(of: sweep)
    let paired = sweep.rows.contains { $0.label.sweepsScaling }
    let findings = ScoreTable.metricNames(sweep).map { metric in
      let own = changes.filter { $0.metric == metric }
      let text = sweep.groups.count > 1 ? average(metric, own, of: sweep) : single(metric, own, of: sweep, paired: paired)
      return Finding(topic: Metric.title(metric), text: text)
    }
    guard paired, sweep.groups.count == 1, !changes.isEmpty else { return findings }
    let caution = "One seed. The cells share their noise, so the changes are paired, but another seed can change their size or their sign."
    return findings + [Finding(topic: "Caution", text: caution)]
  }

  private static func single(_ metric: String, _ changes: [PairedChanges.Change], of sweep: SweepTable, paired: Bool) -> String {
    guard let baseline = sweep.groups.first?.baseline else { return "" }
    var text =
      baseline.values.scores[metric].map { "\(NumberText.significant($0, 3)) at \(baseline.label.full)" }
      ?? "not measured at \(baseline.label.full)"
    if let samples = baseline.values.scores.samples { text += " (\(NumberText.count(samples)) samples)" }
    guard !changes.isEmpty else { return text + direction(metric) }
    let list = changes.map { "\(NumberText.change($0.mean, 2)) (\($0.label))" }.joined(separator: ", ")
    return text + "; \(paired ? "paired change" : "change") \(list)" + direction(metric)
  }

  private static func average(_ metric: String, _ changes: [PairedChanges.Change], of sweep: SweepTable) -> String {
    let list = changes.map { change in
      let spread = change.deviation.map { " ± \(NumberText.significant($0, 2))" } ?? ""
      let fell = change.values.count { $0 < 0 }
      return "\(NumberText.change(change.mean, 2))\(spread) (\(change.label), lower in \(fell) of \(change.values.count))"
    }
    guard !list.isEmpty else { return "measured in \(sweep.groups.count) groups\(direction(metric))" }
    return "mean paired change over \(sweep.groups.count) groups \(list.joined(separator: ", "))\(direction(metric))"
  }

  private static func direction(_ metric: String) -> String {
    switch Metric.better(metric) {
    case .lower: "; lower is better."
    case .higher: "; higher is better."
    case nil: "."
    }
  }
}
