import Foundation

/// One thing that was measured, in a sentence a person would say.
package struct Finding: Sendable, Hashable {
  /// "Norm gap".
  package var topic: String
  package let text: String
  /// What it says of each cell, where a list reads better.
  package var items: [String] = []

  /// More are not listed on a page.
  static let itemLimit = 8

  /// A few of the items, evenly spread, and in words how many there are.
  static func few(_ items: [String], of what: String, where place: String) -> [String] {
    guard items.count > itemLimit else { return items }
    return Selection.spread(items, itemLimit)
      + ["\(NumberText.count(itemLimit)) of \(NumberText.count(items.count)) \(what), evenly spread; all are in \(place)."]
  }
}

/// The findings of a sweep, computed from its numbers: what follows the paper is said, and what does not is said as well.
package struct Findings {
  package static func all(of sweep: SweepTable) -> [Finding] {
    let curves = Selection.spread(sweep.figureGroups, Selection.figureGroups).flatMap { group -> [Finding] in
      let findings = Findings(group: group)
      return [findings.gap, findings.delta, findings.spread].compactMap { $0 }
    }
    return curves + ScoreFindings.all(of: sweep)
  }

  private let group: SweepGroup
  private let baseline: SweepRow?
  private let changed: [SweepRow]

  private init(group: SweepGroup) {
    self.group = group
    baseline = group.baseline ?? (group.rows.count == 1 ? group.rows.first : nil)
    changed = group.baseline == nil ? [] : group.changed
  }

  private func topic(_ name: String) -> String { group.label.isEmpty ? name : "\(name) (\(group.label))" }

  private var gap: Finding? {
    guard let baseline, let mean = baseline.measures.meanGap, let absolute = baseline.measures.meanAbsoluteGap else { return nil }
    let side = mean < 0 ? "smaller" : "larger"
    var text =
      "At \(baseline.label.compared) the noise prediction is on average \(NumberText.significant(abs(mean), 3)) \(side) in sampling than in training"
    if let largest = baseline.measures.largestGap {
      text += " (largest difference \(NumberText.change(largest.value)) at timestep \(largest.step))"
    }
    text += "."
    let items = changed.compactMap { cell -> String? in
      guard let own = cell.measures.meanGap, let ownAbsolute = cell.measures.meanAbsoluteGap else { return nil }
      let (before, after) = Self.pair(mean, own)
      let (sizeBefore, sizeAfter) = Self.pair(absolute, ownAbsolute)
      let size = ownAbsolute < absolute * 0.99 ? "shrinks" : ownAbsolute > absolute * 1.01 ? "grows" : "does not shrink"
      return
        "\(cell.label.compared): averaged with its sign the gap \(Self.closing(from: mean, to: own)), \(before) → \(after); the average of its"
        + " absolute value \(size), \(sizeBefore) → \(sizeAfter)."
    }
    return Finding(topic: topic("Norm gap"), text: text, items: Finding.few(items, of: "cells", where: "the score table"))
  }

  private static func closing(from before: Double, to after: Double) -> String {
    guard before != 0 else { return "moves" }
    if before * after < 0 { return "changes its sign" }
    let part = (1 - after / before) * 100
    return part >= 0.5 ? "closes by \(NumberText.fixed(part, 0)) %" : part <= -0.5 ? "grows by \(NumberText.fixed(-part, 0)) %" : "stays"
  }

  private var delta: Finding? {
    guard let baseline, let first = baseline.measures.firstDelta else { return nil }
    let name = first.step == 1 ? "δ₁" : "δ at timestep \(first.step)"
    let cells = changed.compactMap { cell in
      cell.measures.firstDelta.flatMap { $0.step == first.step ? (label: cell.label.compared, value: $0.value) : nil }
    }
    guard !cells.isEmpty else {
      return Finding(
        topic: topic("Exposure bias"), text: "\(name) is \(NumberText.significant(first.value, 3)) at \(baseline.label.compared).")
    }
    func list(_ cells: [(label: String, value: Double)]) -> String {
      guard cells.count <= Finding.itemLimit else {
        guard let low = cells.min(by: { $0.value < $1.value }), let high = cells.max(by: { $0.value < $1.value }) else { return "" }
        return
          "in \(NumberText.count(cells.count)) of \(NumberText.count(changed.count)) cells, from \(NumberText.significant(first.value, 3)) to"
          + " \(NumberText.significant(low.value, 3)) (\(low.label)) … \(NumberText.significant(high.value, 3)) (\(high.label))"
      }
      return cells.map { cell in
        let (before, after) = Self.pair(first.value, cell.value)
        return "\(before) → \(after) (\(cell.label))"
      }.joined(separator: ", ")
    }
    let falls = cells.filter { $0.value < first.value }
    let rests = cells.filter { $0.value >= first.value }
    var sentences: [String] = []
    if !falls.isEmpty { sentences.append("\(name) falls: \(list(falls)).") }
    if !rests.isEmpty { sentences.append("\(name) does not fall: \(list(rests)).") }
    if !rests.isEmpty {
      sentences.append(
        "Started from the noisiest step a sample is unrelated to its image, so this number is mostly the data’s own variance.")
    }
    return Finding(topic: topic("Exposure bias"), text: sentences.joined(separator: " "))
  }

  private var spread: Finding? {
    guard let baseline, let own = baseline.measures.spread, own.forward != 0 else { return nil }
    let difference = (own.sampling / own.forward - 1) * 100
    let side = difference < 0 ? "less" : "more"
    var text =
      "At timestep \(own.step) the samples of \(baseline.label.compared) are \(NumberText.fixed(abs(difference), 1)) % \(side) spread than"
      + " noised data (\(NumberText.significant(own.sampling, 3)) against \(NumberText.significant(own.forward, 3)) per pixel)"
    let others = changed.compactMap { cell in cell.measures.spread.map { (label: cell.label.compared, value: $0.sampling) } }
    if others.count > Finding.itemLimit {
      if let low = others.min(by: { $0.value < $1.value }), let high = others.max(by: { $0.value < $1.value }) {
        text +=
          "; the other \(NumberText.count(others.count)) cells: from \(NumberText.significant(low.value, 3)) (\(low.label)) to"
          + " \(NumberText.significant(high.value, 3)) (\(high.label))"
      }
    } else if !others.isEmpty {
      text += "; the other cells: " + others.map { "\(NumberText.significant($0.value, 3)) (\($0.label))" }.joined(separator: ", ")
    }
    return Finding(topic: topic("Spread"), text: text + ".")
  }

  /// Both numbers with the same decimals, as many as it takes to tell them apart: the larger has 3 to 6 digits.
  package static func pair(_ before: Double, _ after: Double) -> (String, String) {
    let larger = max(abs(before), abs(after))
    guard larger >= 1e-4, larger < 1e6 else { return (NumberText.significant(before, 3), NumberText.significant(after, 3)) }
    let whole = Int(log10(larger).rounded(.down))
    var texts = ("", "")
    for digits in 3...6 {
      let decimals = max(0, digits - 1 - whole)
      texts = (NumberText.fixed(before, decimals), NumberText.fixed(after, decimals))
      if texts.0 != texts.1 || before == after { break }
    }
    return texts
  }
}
