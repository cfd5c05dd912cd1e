import Basics
import PipelineLanguage
import Planning

/// An explanation in words.
enum ExplanationText {
  static func render(_ explanation: Explanation) -> String {
    let cell = explanation.cell
    var text = "\(cell.cell.name): \(cell.state.label)\n"
    if let key = cell.semanticKey { text += "  key     \(key.hex)\n" }
    text += "  recipe  \(cell.recipeKey.hex)\n"
    if cell.state == .cached { return text }
    if let blocks = cell.blocks, blocks.cached > 0 {
      text += "  \(blocks.cached) of \(blocks.total) blocks are in the store\n"
    }
    guard let nearest = explanation.nearest else { return text + "  no earlier result of stage \(cell.identity.stage) is known\n" }
    guard !explanation.differences.isEmpty else {
      return text
        + "  run \(nearest.run) computed the same cell as \(nearest.name), but its result is not in this store for this numerics profile\n"
    }
    text += "  nearest earlier result: \(nearest.name) of run \(nearest.run), which differs in\n"
    for difference in explanation.differences {
      let place = difference.position.map { "   (\($0.place))" } ?? ""
      text += "    \(difference.what): \(difference.before) -> \(difference.now)\(place)\n"
    }
    return text
  }

  static func json(_ explanation: Explanation) -> JSONValue {
    let cell = explanation.cell
    var fields: [String: JSONValue] = [
      "name": .text(cell.cell.name), "state": .text(cell.state.label), "key": .text(cell.recipeKey.hex),
    ]
    guard cell.state != .cached, let nearest = explanation.nearest else { return .object(fields) }
    fields["nearest"] = ["name": .text(nearest.name), "run": .text(nearest.run)]
    fields["differences"] = .list(
      explanation.differences.map { difference in
        var fields: [String: JSONValue] = [
          "what": .text(difference.what), "before": .text(difference.before), "now": .text(difference.now),
        ]
        if let place = difference.position {
          fields["file"] = .text(place.source.name)
          fields["line"] = JSONValue(place.start.line)
          fields["column"] = JSONValue(place.start.column)
        }
        return .object(fields)
      })
    return .object(fields)
  }
}
