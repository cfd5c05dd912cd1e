import Basics
package import Results

/// Rows that vary along fewer axes than others: what is measured once for each number of steps, say, belongs to every lambda at
/// that number of steps.
package enum SharedRows {
  /// The rows with the values of the less varied ones that agree with them; those are left out where one of the others took
  /// them in.
  package static func joined(_ given: [GatheredTable.Row]) -> [GatheredTable.Row] {
    let axes = given.map { Set($0.coordinates.keys) }
    let kinds = Set(axes)
    guard kinds.count > 1 else { return given }
    var rows = given
    var isTaken = Array(repeating: false, count: given.count)
    for fewer in kinds.sorted(by: { $0.count > $1.count }) where kinds.contains(where: { $0.isStrictSuperset(of: fewer) }) {
      let shared = Dictionary(
        given.indices.filter { axes[$0] == fewer }.map { (given[$0].coordinates, $0) }, uniquingKeysWith: { first, _ in first })
      for (position, row) in given.enumerated() where axes[position].isStrictSuperset(of: fewer) {
        guard let other = shared[row.coordinates.filter { fewer.contains($0.key) }] else { continue }
        isTaken[other] = true
        rows[position].values.merge(given[other].values) { own, _ in own }
      }
    }
    return rows.indices.filter { !isTaken[$0] }.map { rows[$0] }
  }
}
