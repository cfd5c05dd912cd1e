import OrderedCollections
import Scoring

/// What the scores say: the baseline's value and the changes against it, setting by setting.
struct ScoreFindings {
  private let sweep: SweepTable
  private let metric: String
  /// "paired change" where both rows share their noise.
  private let change: String

  static func all(of sweep: SweepTable) -> [Finding] {
    let isPaired = sweep.comparison == .scaling
    let findings = sweep.metrics.map { metric in
      ScoreFindings(sweep: sweep, metric: metric, change: isPaired ? "paired change" : "change").finding
    }
    guard isPaired, !sweep.hasReplicates, !sweep.changes.isEmpty else { return findings }
    let caution = "One seed. The cells share their noise, so the changes are paired, but another seed can change their size or their sign."
    return findings + [Finding(topic: "Caution", text: caution)]
  }

  private var finding: Finding {
    let topic = ScoreHeading(of: metric).title
    guard sweep.comparison != .none else { return Finding(topic: topic, text: range + direction) }
    let settings = OrderedDictionary(grouping: sweep.groups, by: \.settings)
    let sentences = settings.map { sentence($0.value, $0.key) }
    guard settings.count > 1 else { return Finding(topic: topic, text: (sentences.first ?? "") + direction) }
    let items = zip(settings.keys, sentences).map { "\($0): \($1)." }
    return Finding(
      topic: topic, text: "Compared within equal settings\(direction)", items: Finding.few(items, of: "settings", where: "the score table"))
  }

  /// Every row by itself, where no row is held against another.
  private var range: String {
    let values = sweep.rows.compactMap { row in row.values.scores[metric].map { (label: row.label.full, value: $0) } }
    guard let low = values.min(by: { $0.value < $1.value }), let high = values.max(by: { $0.value < $1.value }) else {
      return "not measured"
    }
    guard values.count > 1 else { return "\(NumberText.significant(low.value, 3)) at \(low.label)" }
    return "from \(NumberText.significant(low.value, 3)) (\(low.label)) to \(NumberText.significant(high.value, 3)) (\(high.label))"
  }

  /// What was measured in some settings: the groups are the draws of the experiment.
  private func sentence(_ groups: [SweepGroup], _ settings: String) -> String {
    let baselines = groups.compactMap(\.baseline)
    let values = baselines.compactMap { $0.values.scores[metric] }
    let label = baselines.first?.label.compared ?? "?"
    var text = values.isEmpty ? "not measured at \(label)" : "\(Self.mean(values)) at \(label)"
    var details = values.count > 1 ? ["\(values.count) replicates"] : []
    if let samples = baselines.first?.values.scores.samples, !values.isEmpty { details.append("\(NumberText.count(samples)) samples") }
    if !details.isEmpty { text += " (\(details.joined(separator: " of ")))" }
    let changes = sweep.changes.filter { $0.metric == metric && $0.settings == settings }
    guard !changes.isEmpty else { return text }
    return "\(text); \(changes.contains { $0.values.count > 1 } ? "mean \(change)" : change) \(list(changes))"
  }

  private func list(_ changes: [PairedChanges.Change]) -> String {
    guard changes.count > Finding.itemLimit else {
      return changes.map { change in
        let spread = change.deviation.map { " ± \(NumberText.significant($0, 2))" } ?? ""
        let fell = change.values.count > 1 ? ", lower in \(change.values.count { $0 < 0 }) of \(change.values.count)" : ""
        return "\(NumberText.change(change.mean, 2))\(spread) (\(change.label)\(fell))"
      }.joined(separator: ", ")
    }
    guard let low = changes.min(by: { $0.mean < $1.mean }), let high = changes.max(by: { $0.mean < $1.mean }) else { return "" }
    return "from \(NumberText.change(low.mean, 2)) (\(low.label)) to \(NumberText.change(high.mean, 2)) (\(high.label)), lower in"
      + " \(NumberText.count(changes.count { $0.mean < 0 })) of \(NumberText.count(changes.count)) cells"
  }

  private static func mean(_ values: [Double]) -> String {
    NumberText.significant(values.reduce(0, +) / Double(max(values.count, 1)), 3)
  }

  private var direction: String {
    switch ScoreHeading(of: metric).direction {
    case .lower: "; lower is better."
    case .higher: "; higher is better."
    case nil: "."
    }
  }
}
