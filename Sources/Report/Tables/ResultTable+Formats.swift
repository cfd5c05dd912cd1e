public import Basics

extension ResultTable {
  /// RFC 4180 with exact numbers; lines end in a line feed.
  public var csv: String {
    let lines =
      [columns.map { Self.quoted($0.key) }] + rows.indices.map { row in columns.indices.map { Self.quoted(value(row, $0).exact) } }
    return lines.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// `{"columns":[…],"rows":[{column: value}],…}` with exact numbers.
  public var json: JSONValue {
    let items = rows.indices.map { row in
      JSONValue.object(Dictionary(columns.indices.map { (columns[$0].key, value(row, $0).json) }, uniquingKeysWith: { first, _ in first }))
    }
    return ["caption": .text(caption), "columns": .list(columns.map { .text($0.key) }), "rows": .list(items)]
  }

  /// A pipe table; the best value of a column is bold.
  ///
  /// - Parameter limit: of a table that is also a CSV file, show so many rows at most and say below them where the others are.
  public func markdown(rows limit: Int? = nil) -> String {
    let (shown, more) = shortened(to: limit)
    let best = best
    var lines = [columns.indices.map { Self.markdown(heading($0)) }, columns.indices.map { isNumeric($0) ? "---:" : "---" }]
    for row in shown.rows.indices {
      lines.append(
        columns.indices.map { column in
          let text = Self.markdown(text(row, column))
          return isBest(row, column, best) ? "**\(text)**" : text
        })
    }
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined() + (more.map { "\n\($0)\n" } ?? "")
  }

  /// A `tabular` for `\input` (package booktabs); the best value of a column is bold.
  ///
  /// - Parameter limit: of a table that is also a CSV file, show so many rows at most and say in a comment where the others are.
  public func latex(rows limit: Int? = nil) -> String {
    let (shown, more) = shortened(to: limit)
    let best = best
    let layout = columns.indices.map { isNumeric($0) ? "r" : "l" }.joined()
    var lines = ["% " + LaTeXText.comment(caption)] + (more.map { ["% " + $0] } ?? [])
    lines += ["\\begin{tabular}{\(layout)}", "\\toprule"]
    lines.append(columns.indices.map { LaTeXText.escaped(heading($0)) }.joined(separator: " & ") + " \\\\")
    lines.append("\\midrule")
    for row in shown.rows.indices {
      let cells = columns.indices.map { column in
        let text = LaTeXText.escaped(text(row, column))
        return isBest(row, column, best) ? "\\textbf{\(text)}" : text
      }
      lines.append(cells.joined(separator: " & ") + " \\\\")
    }
    return (lines + ["\\bottomrule", "\\end{tabular}"]).joined(separator: "\n") + "\n"
  }

  /// Whether a value is the best of its column (`best`).
  package func isBest(_ row: Int, _ column: Int, _ best: [Double?]) -> Bool {
    best.indices.contains(column) && best[column] != nil && value(row, column).number == best[column]
  }

  /// True when a column holds numbers only: it is set flush right.
  func isNumeric(_ column: Int) -> Bool {
    rows.indices.allSatisfy { row in
      let value = value(row, column)
      return value == .missing || value.number != nil
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r\r\n".contains($0) }) || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    // One line per row, also for readers that do not know quoted line ends (gnuplot).
    let line = String(text.map { $0.isNewline ? " " : $0 })
    return "\"" + line.replacing("\"", with: "\"\"") + "\""
  }

  private static func markdown(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r": escaped += " "
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\\", "|", "*", "_", "`", "[", "]", "~": escaped += "\\" + String(scalar)
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
