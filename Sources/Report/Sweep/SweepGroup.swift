/// Rows that differ in Epsilon Scaling only (or in anything, when no axis sweeps it): what is drawn together and
/// compared with one baseline.
struct SweepGroup: Sendable {
  /// The coordinates the rows have in common; empty when there is only one group.
  let label: String
  let rows: [SweepRow]

  /// The row without scaling, else the first.
  var baseline: SweepRow? { rows.first(where: \.isUnscaled) ?? rows.first }

  /// The other rows, in the order of the sweep.
  var changed: [SweepRow] { rows.filter { $0.position != baseline?.position } }
}

extension SweepTable {
  /// Groups to compare scores in, in the order in which their first rows appear.
  var groups: [SweepGroup] {
    Self.grouped(rows) { $0.label.others }
  }

  /// Groups to draw in one figure: those of `groups`, cut where the number of sampling steps differs.
  var figureGroups: [SweepGroup] {
    groups.flatMap { group in
      let cut = Self.grouped(group.rows.filter { $0.stepCount > 0 }) { String($0.stepCount) }
      return cut.map { piece in
        guard cut.count > 1 else { return SweepGroup(label: group.label, rows: piece.rows) }
        return SweepGroup(label: (group.label.isEmpty ? "" : group.label + ", ") + "T′ = \(piece.label)", rows: piece.rows)
      }
    }
  }

  private static func grouped(_ rows: [SweepRow], by name: (SweepRow) -> String) -> [SweepGroup] {
    var order: [String] = []
    var members: [String: [SweepRow]] = [:]
    for row in rows {
      let key = name(row)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(row)
    }
    return order.map { SweepGroup(label: $0, rows: members[$0] ?? []) }
  }
}

extension SweepRow {
  /// T' of the row's curves; 0 when it has none.
  var stepCount: Int {
    let curves = [values.norms, values.delta, values.singleStep].compactMap { $0 }
    return curves.map(\.stepCount).max() ?? values.training?.stepCount ?? 0
  }
}
