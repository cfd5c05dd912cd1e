/// Turns libyaml's reason for stopping into a message at the place where the text should be mended.
struct SyntaxHints {
  let problem: EventStream.Problem
  let source: SourceText
  /// Where libyaml stopped.
  let place: SourceRange
  /// Where that began which libyaml was in the middle of.
  let context: SourceRange?
  /// The part that was parsed.
  private let slice: Range<Int>

  /// - Parameters:
  ///   - slice: the bytes that were parsed.
  ///   - offset: characters of the source before them.
  static func diagnostic(for problem: EventStream.Problem, in source: SourceText, slice: Range<Int>, offset: Int) -> Diagnostic {
    guard let mark = problem.mark?.moved(by: offset) else {
      let start = source.position(byte: slice.lowerBound + problem.byteOffset)
      let end = source.position(byte: slice.lowerBound + problem.byteOffset + 1)
      let isControl = problem.message == "control characters are not allowed"
      return Diagnostic(
        .badCharacters, isControl ? "a control character stands here" : "this is not UTF-8: \(problem.message)",
        at: SourceRange(source: source, start: start, end: end),
        help: isControl ? "delete it; a pipeline is plain text" : "save the file in the encoding UTF-8")
    }
    let hints = SyntaxHints(
      problem: problem, source: source, place: character(mark, in: source),
      context: problem.contextMark.map { character($0.moved(by: offset), in: source) }, slice: slice)
    return hints.conflictMarker ?? hints.tab ?? hints.missingColon ?? hints.slip ?? hints.shellReference ?? hints.unquotedCell
      ?? hints.plain
  }

  private static func character(_ mark: EventStream.Mark, in source: SourceText) -> SourceRange {
    SourceRange(source: source, start: source.position(character: mark.index), end: source.position(character: mark.index + 1))
  }

  func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(source: source, start: source.position(byte: bytes.lowerBound), end: source.position(byte: bytes.upperBound))
  }

  private var conflictMarker: Diagnostic? {
    guard source.kind == .file, source.lineCount <= 100_000 else { return nil }
    for number in 1...source.lineCount {
      let line = source.line(number)
      guard line.hasPrefix("<<<<<<< ") || line.hasPrefix(">>>>>>> ") || line == "=======" else { continue }
      let start = source.lineStart(number)
      return Diagnostic(
        .conflictMarker, "a merge conflict was left here", at: range(start..<(start + 7)),
        help: "choose one side and delete the three marker lines")
    }
    return nil
  }

  /// A tab in the indentation of the line where libyaml stopped, or of the one before it that is not blank.
  private var tab: Diagnostic? {
    let last = place.start.line
    let before = (1..<max(1, last)).suffix(100).last { number in source.line(number).contains { $0 != " " && $0 != "\t" } }
    for number in [last, before].compactMap({ $0 }) {
      let indentation = source.line(number).prefix { $0 == " " || $0 == "\t" }.utf8
      guard let tab = indentation.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let byte = source.lineStart(number) + indentation.distance(from: indentation.startIndex, to: tab)
      return Diagnostic(.tab, "a tab cannot indent", at: range(byte..<(byte + 1)), help: "indent with spaces")
    }
    return nil
  }

  /// A bracket or quote that nothing closes, or a colon without its space, before the place where libyaml stopped.
  private var slip: Diagnostic? {
    let slips = SlipScan.slips(in: Array(source.bytes[slice])).filter { $0.offset + slice.lowerBound <= place.start.byteOffset }
    let start = slice.lowerBound
    let isNear = { (slip: Slip) in
      if case .space = slip { place.start.line - source.position(byte: slip.offset + start).line <= 5 } else { true }
    }
    guard let slip = slips.last(where: isNear) else { return nil }
    let what = source.kind == .file ? "file" : "value"
    let end = Diagnostic.Related("the \(what) ends here", at: range(slice.upperBound..<slice.upperBound))
    switch slip {
    case .bracket(let opener):
      let opener = range((start + opener)..<(start + opener + 1))
      return Diagnostic(
        .unclosed, "this '\(opener.text)' is never closed", at: opener, related: [end],
        help: "close it with '\(Self.closer(of: opener.text))'")
    case .quote(let opener):
      let opener = range((start + opener)..<(start + opener + 1))
      return Diagnostic(
        .unclosed, "this quote is never closed", at: opener, related: [end], help: "close it with \(opener.text) where the text ends")
    case .closer(let offset, let opener):
      let closer = range((start + offset)..<(start + offset + 1))
      guard let opener = opener.map({ range((start + $0)..<(start + $0 + 1)) }) else {
        return Diagnostic(.syntax, "this '\(closer.text)' closes nothing", at: closer, help: "delete it, or add the bracket that it closes")
      }
      return Diagnostic(
        .syntax, "this '\(closer.text)' does not close the '\(opener.text)' before it", at: closer,
        related: [.init("opened here", at: opener)], help: "write '\(Self.closer(of: opener.text))'")
    case .space(let bytes):
      return .missingSpace(at: range((start + bytes.lowerBound)..<(start + bytes.upperBound)))
    }
  }

  private static func closer(of opener: String) -> String { opener == "[" ? "]" : "}" }

  /// `with {a: 1}` and `with={a: 1}`.
  private var missingColon: Diagnostic? {
    let line = source.line(place.start.line)
    guard source.kind == .file, let match = line.prefixMatch(of: /( *)(?:- )?([A-Za-z_][A-Za-z0-9_-]*)(?: *= *| +|)[\[{]/) else {
      return nil
    }
    let name = String(match.output.2)
    let start = source.lineStart(place.start.line) + line[..<match.output.2.startIndex].utf8.count
    let value = match.output.0.hasSuffix("[") ? "[…]" : "{…}"
    return .missingColon(after: name, before: value, at: range(start..<(start + name.utf8.count)))
  }

  /// `{a: ${x}}`: the braces of a shell are brackets here.
  private var shellReference: Diagnostic? {
    let line = source.line(place.start.line)
    let start = source.lineStart(place.start.line)
    guard let match = line.firstMatch(of: /\$\{([^}]*)\}?/) else { return nil }
    let offset = line[..<match.range.lowerBound].utf8.count
    let name = String(match.output.1)
    return .shellReference(name, at: range((start + offset)..<(start + offset + match.output.0.utf8.count)))
  }

  /// `{s: sample[b=1.0]}`: inside of a flow collection a cell's bracket begins a list.
  private var unquotedCell: Diagnostic? {
    guard place.text == "[", problem.context?.contains("flow") == true else { return nil }
    let ends = " ,{}[]\n\r\t\"'".utf8
    let start = source.bytes[..<place.start.byteOffset].lastIndex { ends.contains($0) }.map { $0 + 1 } ?? 0
    guard start < place.start.byteOffset else { return nil }
    let lineEnd = source.bytes[place.start.byteOffset...].firstIndex(of: UInt8(ascii: "\n")) ?? source.bytes.count
    guard let close = source.bytes[place.start.byteOffset..<lineEnd].firstIndex(of: UInt8(ascii: "]")) else { return nil }
    let end = source.bytes[(close + 1)..<lineEnd].firstIndex { ends.contains($0) } ?? lineEnd
    let cell = range(start..<end)
    let before = range(start..<place.start.byteOffset).text
    if before.hasSuffix("=") { return .missingColon(after: String(before.dropLast()), before: "[…]", at: cell) }
    return Diagnostic(.badEdge, "inside of { } or [ ] a cell must stand in quotes", at: cell, help: "write \"\(cell.text)\"")
  }
}
