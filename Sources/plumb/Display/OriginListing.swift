import Basics
import PipelineLanguage
import Planning
import StageSchema

/// Every resolved value of some cells, and the file and line or the flag that set it.
enum OriginListing {
  static func text(_ cells: [Cell], in table: CellTable) -> String {
    cells.map { cell in
      let rows = cell.origins { sourceName($0, table) }.map { origin in
        ["  " + origin.path, origin.value.label, words(origin)]
      }
      return cell.name + "\n" + TextTable.render(rows)
    }.joined(separator: "\n")
  }

  static func json(_ cells: [Cell], in table: CellTable) -> JSONValue {
    .list(
      cells.map { cell in
        let values = cell.origins { sourceName($0, table) }.map { origin -> JSONValue in
          var fields: [String: JSONValue] = [
            "path": .text(origin.path), "value": origin.value.json, "origin": origin.literal.map(place) ?? ["kind": "default"],
          ]
          if let use = origin.use { fields["used"] = place(use) }
          return .object(fields)
        }
        return ["name": .text(cell.name), "values": .list(values)]
      })
  }

  private static func words(_ origin: ValueOrigin) -> String {
    guard let literal = origin.literal else { return "default of the stage" }
    let set = literal.source.kind == .commandLine ? literal.source.line(1) : literal.place
    return set + (origin.use.map { ", used at \($0.place)" } ?? "")
  }

  private static func place(_ range: SourceRange) -> JSONValue {
    if range.source.kind == .commandLine { return ["kind": "flag", "flag": .text(range.source.line(1))] }
    return [
      "kind": "file", "file": .text(range.source.name), "line": JSONValue(range.start.line), "column": JSONValue(range.start.column),
    ]
  }

  private static func sourceName(_ source: CellSource, _ table: CellTable) -> String {
    let name = table.cells.indices.contains(source.cell) ? table.cells[source.cell].name : "?"
    return "\(name).\(source.output)"
  }
}
