import Basics

/// Rows that vary along fewer axes than others: what is measured once for each number of steps, say, belongs to every lambda at
/// that number of steps.
enum SharedRows {
  /// The rows with the values of the less varied ones that agree with them; those are left out where one of the others took
  /// them in.
  static func joined(_ items: [JSONValue]) -> [JSONValue] {
    let points = items.map { $0["coordinates"]?.object ?? [:] }
    let kinds = Set(points.map { Set($0.keys) })
    var rows = items
    var isTaken = Array(repeating: false, count: items.count)
    for fewer in kinds.sorted(by: { $0.count > $1.count }) where kinds.contains(where: { $0.isStrictSuperset(of: fewer) }) {
      let shared = Dictionary(
        points.indices.filter { Set(points[$0].keys) == fewer }.map { (points[$0], $0) }, uniquingKeysWith: { first, _ in first })
      for (position, point) in points.enumerated() where Set(point.keys).isStrictSuperset(of: fewer) {
        guard let other = shared[point.filter { fewer.contains($0.key) }] else { continue }
        isTaken[other] = true
        rows[position] = adding(items[other]["values"]?.object ?? [:], to: rows[position])
      }
    }
    return rows.indices.filter { !isTaken[$0] }.map { rows[$0] }
  }

  private static func adding(_ values: [String: JSONValue], to row: JSONValue) -> JSONValue {
    var fields = row.object ?? [:]
    fields["values"] = .object((fields["values"]?.object ?? [:]).merging(values) { own, _ in own })
    return .object(fields)
  }
}
