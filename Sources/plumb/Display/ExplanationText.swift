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
}
