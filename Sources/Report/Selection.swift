/// How much of a large sweep a report shows. What is left out is said where it is left out, and is in the files beside the page.
package enum Selection {
  /// Curves in one figure.
  package static let curves = 12
  /// Groups of cells with figures of their own.
  static let figureGroups = 6
  /// Cells whose samples are shown.
  static let picturedCells = 24
  /// Cells whose keys, digests and parameters stand on the page.
  static let cells = 60
  /// Rows of a table on the page, and in the LaTeX and Markdown files beside it; its CSV and JSON files have all.
  static let tableRows = 200

  /// At most `limit` of the items, evenly spread, the first and the last among them, in their order.
  package static func spread<Item>(_ items: [Item], _ limit: Int) -> [Item] {
    guard items.count > limit else { return items }
    guard limit > 1 else { return Array(items.prefix(max(limit, 0))) }
    return (0..<limit).map { items[$0 * (items.count - 1) / (limit - 1)] }
  }
}
