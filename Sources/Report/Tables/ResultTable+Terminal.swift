extension ResultTable {
  /// Rows that a terminal shows.
  private static let terminalRows = 60

  /// Aligned columns for a terminal; of a long table only the first rows, which is said below it.
  public var text: String {
    let (shown, more) = shortened(to: Self.terminalRows)
    let lines = [columns.indices.map(heading)] + shown.rows.indices.map { row in columns.indices.map { text(row, $0) } }
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = columns.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return isNumeric(column) ? padding + line[column] : line[column] + padding
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined() + (more.map { $0 + "\n" } ?? "")
  }
}
