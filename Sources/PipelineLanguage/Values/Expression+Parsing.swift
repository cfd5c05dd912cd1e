extension Expression {
  /// Reads a value of the tree; what is wrong with its references is noted, and the text taken as it stands.
  init(_ node: YAMLNode, notes: inout [Diagnostic]) {
    switch node.content {
    case .scalar(let scalar): self = ReferenceScanner.expression(of: node, scalar, notes: &notes)
    case .sequence(let items): self = .list(items.map { Expression($0, notes: &notes) }, node.range)
    case .mapping(let entries):
      self = .map(entries.map { MapEntry(key: $0.key, value: Expression($0.value, notes: &notes)) }, node.range)
    }
  }
}

/// Finds `$name`, `$name.field`, `$(name)` and `$$` in a scalar.
private struct ReferenceScanner {
  let node: YAMLNode
  let characters: [Unicode.Scalar]
  var position = 0
  var pieces: [Expression.Piece] = []
  var text = String.UnicodeScalarView()
  /// The reference that is the whole scalar.
  var whole: Expression.Reference?

  static func expression(of node: YAMLNode, _ scalar: YAMLScalar, notes: inout [Diagnostic]) -> Expression {
    let literal = Expression.Literal(text: scalar.text, isPlain: scalar.isPlain, range: node.range)
    guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return .literal(literal) }
    var scanner = ReferenceScanner(node: node, characters: Array(scalar.text.unicodeScalars))
    if let problem = scanner.scan() {
      notes.append(problem)
      return .unreadable(names: scanner.names, node.range)
    }
    if let whole = scanner.whole { return .reference(whole) }
    let hasReference = scanner.pieces.contains { if case .reference = $0 { true } else { false } }
    if !hasReference {
      return .literal(Expression.Literal(text: String(scanner.text), isPlain: scalar.isPlain, range: node.range))
    }
    scanner.endText()
    return .interpolation(scanner.pieces, literal)
  }

  private mutating func scan() -> Diagnostic? {
    while position < characters.count {
      guard characters[position] == "$" else {
        text.append(characters[position])
        position += 1
        continue
      }
      let start = position
      position += 1
      switch position < characters.count ? characters[position] : nil {
      case "$":
        text.append("$")
        position += 1
      case "(":
        position += 1
        guard let reference = reference(from: start), position < characters.count, characters[position] == ")" else {
          return malformed(start, "'$(' begins no reference", help: "inside of text a parameter is written $(name) or $(name.field)")
        }
        position += 1
        endText()
        pieces.append(
          .reference(
            Expression.Reference(name: reference.name, fields: reference.fields, range: node.range(ofCharacters: start..<position))))
      case "{":
        let name = characters[(position + 1)...].prefix { $0 != "}" }
        let end = min(position + name.count + 2, characters.count)
        return .shellReference(String(String.UnicodeScalarView(name)), at: node.range(ofCharacters: start..<end))
      default:
        guard let reference = reference(from: start) else {
          return malformed(start, "'$' begins no reference", help: "a literal dollar sign is written $$")
        }
        guard start == 0, position == characters.count else {
          let name = reference.name.value
          let rest = characters[position...].drop { $0 == " " }
          let isSum =
            start == 0 && rest.count < characters.count - position && rest.first.map { "+-*/".unicodeScalars.contains($0) } ?? false
          return malformed(
            start, "'$\(name)' stands inside of text",
            help: isSum
              ? "nothing is computed here: write the number, or make it a parameter of its own" : "inside of text it is written $(\(name))")
        }
        whole = Expression.Reference(name: reference.name, fields: reference.fields, range: node.range)
      }
    }
    return nil
  }

  /// Whatever stands behind a dollar sign and could be a name.
  private var names: [String] {
    characters.drop { $0 != "$" }.split { !Identifier.allows($0, first: false) }.map { String(String.UnicodeScalarView($0)) }
  }

  private mutating func endText() {
    guard !text.isEmpty else { return }
    pieces.append(.text(String(text)))
    text = String.UnicodeScalarView()
  }

  private mutating func reference(from start: Int) -> (name: Located<String>, fields: [Located<String>])? {
    guard let name = identifier() else { return nil }
    var fields: [Located<String>] = []
    while position + 1 < characters.count, characters[position] == "." {
      position += 1
      guard let field = identifier() else {
        position -= 1
        break
      }
      fields.append(field)
    }
    return (name, fields)
  }

  private mutating func identifier() -> Located<String>? {
    let start = position
    while position < characters.count, Identifier.allows(characters[position], first: position == start) { position += 1 }
    guard position > start else { return nil }
    return Located(String(String.UnicodeScalarView(characters[start..<position])), node.range(ofCharacters: start..<position))
  }

  private func malformed(_ start: Int, _ message: String, help: String) -> Diagnostic {
    Diagnostic(.badReference, message, at: node.range(ofCharacters: start..<max(position, start + 1)), help: help)
  }
}

/// Names of parameters and stages: a letter or underscore, then letters, digits, underscores and hyphens.
enum Identifier {
  static func allows(_ character: Unicode.Scalar, first: Bool) -> Bool {
    switch character {
    case "a"..."z", "A"..."Z", "_": true
    case "0"..."9", "-": !first
    default: false
    }
  }

  /// Names with dots between them: `scaling.k`.
  static func isPath(_ text: String) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isValid(String($0)) }
  }

  static func isValid(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.enumerated().allSatisfy { allows($0.element, first: $0.offset == 0) }
  }
}
