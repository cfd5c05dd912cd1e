extension ResultTable {
  /// Aligned columns for a terminal.
  public var text: String {
    let lines = [columns.indices.map(heading)] + rows.indices.map { row in columns.indices.map { text(row, $0) } }
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = columns.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return isNumeric(column) ? padding + line[column] : line[column] + padding
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}
