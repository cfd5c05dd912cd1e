import Basics
import PipelineLanguage
import Planning

/// An explanation in words, and for machines.
enum ExplanationText {
  static func render(_ explanation: Explanation) -> String {
    let cell = explanation.cell
    var text = "\(cell.cell.name): \(cell.state.label)\n"
    if let key = cell.semanticKey { text += "  key         \(key.hex)\n" }
    text += "  recipe key  \(cell.recipeKey.hex)\n"
    if cell.state == .cached { return text }
    if let blocks = cell.blocks, blocks.cached > 0 {
      text += "  \(blocks.cached) of \(blocks.total) blocks are there; \(blocks.toDo) are to do\n"
    }
    guard let nearest = explanation.nearest else { return text + "  no earlier result of stage \(cell.identity.stage) is known\n" }
    guard !explanation.differences.isEmpty else {
      return text + "  run \(nearest.run) computed the same as \(nearest.name), but its result is not in this store any more\n"
    }
    text += "  nearest earlier result: \(nearest.name) of run \(nearest.run), which differs in\n"
    for line in lines(explanation) { text += "    \(line)\n" }
    return text
  }

  /// A line for each difference; what differs in several cells upstream alike is said once.
  private static func lines(_ explanation: Explanation) -> [String] {
    var order: [String] = []
    var cells: [String: [String]] = [:]
    for difference in explanation.differences {
      let place = difference.position.map { "   (\($0.place))" } ?? (difference.isDefault ? "   (the default)" : "")
      let line = "\(difference.what): \(difference.before) -> \(difference.now)\(place)"
      if cells[line] == nil { order.append(line) }
      cells[line, default: []].append(difference.cell)
    }
    return order.map { line in
      let names = cells[line, default: []]
      guard names != [explanation.cell.cell.name] else { return line }
      let others = names.count - 1
      return line + "   in \(names[0])" + (others > 0 ? " and \(others) more" : "")
    }
  }

  static func json(_ explanation: Explanation) -> JSONValue {
    let cell = explanation.cell
    var fields: [String: JSONValue] = [
      "name": .text(cell.cell.name), "state": .text(cell.state.label), "recipe_key": .text(cell.recipeKey.hex),
      "key": cell.semanticKey.map { .text($0.hex) } ?? .null,
    ]
    if let blocks = cell.blocks {
      fields["blocks"] = JSONValue(blocks.total)
      fields["blocks_cached"] = JSONValue(blocks.cached)
    }
    guard let nearest = explanation.nearest else { return .object(fields) }
    fields["nearest"] = ["name": .text(nearest.name), "run": .text(nearest.run.text)]
    fields["differences"] = .list(explanation.differences.map(json))
    return .object(fields)
  }

  private static func json(_ difference: Explanation.Difference) -> JSONValue {
    var fields: [String: JSONValue] = [
      "cell": .text(difference.cell), "what": .text(difference.what), "before": .text(difference.before), "now": .text(difference.now),
      "is_default": .bool(difference.isDefault),
    ]
    if let place = difference.position {
      fields["file"] = .text(place.source.name)
      fields["line"] = JSONValue(place.start.line)
      fields["column"] = JSONValue(place.start.column)
    }
    return .object(fields)
  }
}
