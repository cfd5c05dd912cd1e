import OrderedCollections
import Results

/// Rows that are compared with one another: they differ in what the sweep compares, and agree in every other setting and in the
/// draw of the experiment.
package struct SweepGroup: Sendable {
  /// The settings they agree in; empty when there are none.
  package let settings: String
  /// Which draw they are of; empty when there is one.
  let replicate: String
  /// What else cuts a figure's group: the number of steps.
  var cut = ""
  let rows: [SweepRow]
  /// The row without scaling, else the first; nil when no row is held against another.
  package let baseline: SweepRow?

  /// `steps = 20, seed = 1`; empty when there is nothing that tells it from other groups.
  package var label: String { [settings, replicate, cut].filter { !$0.isEmpty }.joined(separator: ", ") }

  /// The other rows, in the order of the sweep.
  var changed: [SweepRow] { rows.filter { $0.position != baseline?.position } }

  fileprivate init(_ rows: [SweepRow], cut: String = "", isCompared: Bool) {
    self.rows = rows
    self.cut = cut
    settings = rows.first?.label.settings ?? ""
    replicate = rows.first?.label.replicate ?? ""
    baseline = isCompared ? rows.first(where: \.isUnscaled) ?? rows.first : nil
  }
}

extension SweepTable {
  /// Groups to compare scores in, in the order in which their first rows appear; none when nothing is compared.
  package static func groups(_ rows: [SweepRow], _ comparison: Comparison) -> [SweepGroup] {
    comparison == .none ? [] : grouped(rows) { $0.label.group }.map { SweepGroup($0, isCompared: true) }
  }

  /// Groups to draw in one figure: those of `groups`, cut where the number of sampling steps differs.
  package var figureGroups: [SweepGroup] {
    let isCompared = comparison != .none
    let whole = isCompared ? groups.map(\.rows) : Self.grouped(rows) { $0.label.replicate }
    return whole.flatMap { rows -> [SweepGroup] in
      let pieces = Self.grouped(rows.filter { $0.stepCount > 0 }) { String($0.stepCount) }
      return pieces.map { SweepGroup($0, cut: pieces.count > 1 ? "T′ = \($0.first?.stepCount ?? 0)" : "", isCompared: isCompared) }
    }
  }

  private static func grouped(_ rows: [SweepRow], by name: (SweepRow) -> String) -> [[SweepRow]] {
    Array(OrderedDictionary(grouping: rows, by: name).values)
  }
}

extension SweepRow {
  /// T' of the row's curves; 0 when it has none.
  var stepCount: Int {
    let curves = [values.norms, values.delta, values.singleStep].compactMap { $0 }
    return curves.map(\.stepCount).max() ?? values.training?.stepCount ?? 0
  }
}
