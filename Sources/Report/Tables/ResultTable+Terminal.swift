extension ResultTable {
  /// Aligned columns for a terminal.
  ///
  /// - Parameter limit: of a table that is also a CSV file, show so many rows at most and say below them where the others are.
  public func text(rows limit: Int? = nil) -> String {
    let (shown, more) = shortened(to: limit)
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
