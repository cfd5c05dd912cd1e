/// `stage`, `stage.output`, `stage[axis=value,axis.field=value]` or `stage[…].output`, in files and on the command line.
public struct CellReference: Sendable {
  /// One `axis=value` between the brackets.
  public struct Condition: Sendable {
    public let axis: Located<String>
    public let value: Located<String>
  }

  /// The text before the brackets; a dot in it may separate stage and output.
  public let stage: Located<String>
  public let conditions: [Condition]
  /// The text after the brackets, or after the last dot when there are none.
  public let output: Located<String>?
  public let range: SourceRange

  init(stage: Located<String>, conditions: [Condition], output: Located<String>?, range: SourceRange) {
    (self.stage, self.conditions, self.output, self.range) = (stage, conditions, output, range)
  }

  /// Reads a scalar of a file or a flag.
  /// - Throws: a `Diagnostic` with code `badEdge` at the character that does not fit.
  init(_ node: YAMLNode) throws(Malformed) {
    guard let scalar = node.scalar, !node.isNull else {
      throw Malformed(
        diagnostic: Diagnostic(.badEdge, "a stage was expected; found \(node.kindName)", at: node.range, help: Self.form))
    }
    var scanner = Scanner(node: node, characters: Array(scalar.text.unicodeScalars))
    let head = scanner.word { $0 != "[" && $0 != "]" }
    var conditions: [Condition] = []
    var output: Located<String>?
    if scanner.take("[") {
      repeat {
        conditions.append(try scanner.condition())
      } while scanner.take(",")
      guard scanner.take("]") else { throw scanner.malformed("']' was expected here") }
      if scanner.take(".") { output = scanner.word { $0 != "[" } }
    }
    guard scanner.isAtEnd else { throw scanner.malformed("nothing was expected here") }
    if output == nil, conditions.isEmpty, let dot = head.value.lastIndex(of: ".") {
      // Names have no dots, so the last one separates the output.
      let before = head.value.unicodeScalars.distance(from: head.value.unicodeScalars.startIndex, to: dot)
      let count = head.value.unicodeScalars.count
      stage = Located(String(head.value[..<dot]), node.range(ofCharacters: 0..<before))
      output = Located(String(head.value[head.value.index(after: dot)...]), node.range(ofCharacters: (before + 1)..<count))
    } else {
      stage = head
    }
    guard !stage.value.isEmpty, output.map({ !$0.value.isEmpty }) ?? true else {
      throw Malformed(diagnostic: Diagnostic(.badEdge, "'\(scalar.text.shortened)' names no stage", at: node.range, help: Self.form))
    }
    self.conditions = conditions
    self.output = output
    range = node.range
  }

  /// Reads what stands on the command line.
  package static func parse(_ text: String) -> (CellReference?, [Diagnostic]) {
    let source = SourceText(name: "command line", directory: "/", kind: .commandLine, text: text)
    let scalar = YAMLScalar(text: text, style: .plain, isPlain: true)
    do {
      return (try CellReference(YAMLNode(.scalar(scalar), range: source.wholeRange)), [])
    } catch {
      return (nil, [error.diagnostic])
    }
  }

  struct Malformed: Error {
    let diagnostic: Diagnostic
  }

  static let form = "write stage, stage.output, or \"stage[axis=value].output\""

  private struct Scanner {
    let node: YAMLNode
    let characters: [Unicode.Scalar]
    var position = 0

    var isAtEnd: Bool { position >= characters.count }
    var next: Unicode.Scalar? { isAtEnd ? nil : characters[position] }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard next == character else { return false }
      position += 1
      return true
    }

    /// Characters as long as they are allowed, without the spaces around them.
    mutating func word(while isAllowed: (Unicode.Scalar) -> Bool) -> Located<String> {
      let start = position
      while let next, isAllowed(next) { position += 1 }
      return trimmed(start..<position)
    }

    mutating func condition() throws(Malformed) -> Condition {
      let axis = word { !"=,[]".unicodeScalars.contains($0) }
      guard !axis.value.isEmpty else { throw malformed("an axis was expected here") }
      guard take("=") else { throw malformed("'=' was expected here") }
      while next == " " { position += 1 }
      if next == "\"" { return Condition(axis: axis, value: try quoted()) }
      let start = position
      var depth = 0
      while let next {
        if "[{".unicodeScalars.contains(next) { depth += 1 }
        if "]}".unicodeScalars.contains(next) { depth -= 1 }
        if depth < 0 || (depth == 0 && next == ",") { break }
        position += 1
      }
      let value = trimmed(start..<position)
      guard !value.value.isEmpty else { throw malformed("a value was expected here") }
      return Condition(axis: axis, value: value)
    }

    private mutating func quoted() throws(Malformed) -> Located<String> {
      let start = position
      position += 1
      var text = String.UnicodeScalarView()
      while let next, next != "\"" {
        if next == "\\", position + 1 < characters.count { position += 1 }
        text.append(characters[position])
        position += 1
      }
      guard take("\"") else { throw malformed("'\"' was expected here") }
      // Kept in quotes, as labels have them, so that "1" the text and 1 the number stay two values.
      return Located(Label.quoted(String(text)), node.range(ofCharacters: start..<position))
    }

    private func trimmed(_ range: Range<Int>) -> Located<String> {
      var range = range
      while let first = range.first, characters[first] == " " { range = (first + 1)..<range.upperBound }
      while let last = range.last, characters[last] == " " { range = range.lowerBound..<last }
      return Located(String(String.UnicodeScalarView(characters[range])), node.range(ofCharacters: range))
    }

    func malformed(_ message: String) -> Malformed {
      let end = min(position + 1, characters.count)
      let range = node.range(ofCharacters: min(position, characters.count)..<end)
      return Malformed(diagnostic: Diagnostic(.badEdge, message, at: range, help: CellReference.form))
    }
  }
}
