/// Turns libyaml's reason for stopping into a message at the place where the text should be mended.
struct SyntaxHints {
  private let problem: EventStream.Problem
  private let source: SourceText
  /// Where libyaml stopped.
  private let place: SourceRange
  /// Where that began which libyaml was in the middle of.
  private let context: SourceRange?
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

  private func range(_ bytes: Range<Int>) -> SourceRange {
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

  /// libyaml's own reason, in our words.
  private var plain: Diagnostic {
    var diagnostic = Diagnostic(.syntax, problem.message, at: place)
    switch problem.message {
    case "mapping values are not allowed in this context": colonOutOfPlace(&diagnostic)
    case "could not find expected ':'":
      diagnostic.message = "a line that is neither a key nor a value: no ':' follows"
      diagnostic.help = "write key: value"
      if let context, context.start.line < place.start.line { withoutColon(context.start.line, &diagnostic) }
      explainComment(&diagnostic)
    case "did not find expected key", "did not find expected '-' indicator":
      let isList = problem.message.hasSuffix("indicator")
      diagnostic.message = "this line fits none of the lines above it: its indentation differs"
      if let context, context.start.line < place.start.line {
        let what = isList ? "the items of this list" : "the keys of this mapping"
        diagnostic.help = "\(what) begin in column \(context.start.column); this line begins in column \(firstColumn(place.start.line))"
        diagnostic.related = [.init(isList ? "the list begins here" : "the mapping begins here", at: context)]
      }
      if !isList, context?.start.column == 1, let stray = strayKey {
        diagnostic.message = "'\(stray.text.shortened)' stands at the left edge, where the sections of a pipeline begin"
        diagnostic.range = stray
        diagnostic.help = "indent it as far as the line it belongs beside"
        diagnostic.related = [.init("this line then fits nowhere", at: line(place.start.line))]
      } else if firstColumn(place.start.line) != place.start.column {
        diagnostic.message = "nothing more was expected on this line"
        diagnostic.help = "put the whole text into quotes, or begin a new line"
      }
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      diagnostic.message = "a comma is missing before this"
      diagnostic.help = "separate the entries with ', '"
      if let context { diagnostic.related = [.init("in the brackets that open here", at: context)] }
    case "found character that cannot start any token", "did not find expected alphabetic or numeric character",
      "could not find expected directive name":
      diagnostic.message = "'\(place.text)' cannot begin a value"
      diagnostic.help = "put the text into quotes"
    case "did not find expected node content":
      diagnostic.message = "a value was expected here"
    case "found unknown escape character":
      diagnostic.message = "the backslash begins no escape that is known"
      diagnostic.help = "write \\\\ for a backslash, or use single quotes"
    case "block sequence entries are not allowed in this context":
      diagnostic.message = "a list cannot begin here"
      diagnostic.help = "begin it on a line of its own, or write [a, b]"
    default:
      if let context, let words = problem.context, context.start != place.start { diagnostic.related = [.init(words, at: context)] }
    }
    return diagnostic
  }

  /// `/* … */` and `// …` are comments elsewhere.
  private func explainComment(_ diagnostic: inout Diagnostic) {
    guard ["/*", "//"].contains(where: diagnostic.range.text.hasPrefix) else { return }
    diagnostic.message = "this is no comment, and no key either"
    diagnostic.help = "a comment begins with #"
  }

  /// A ': ' where no key can end: a second one on its line, or a line deeper than a value above it.
  private func colonOutOfPlace(_ diagnostic: inout Diagnostic) {
    let line = source.line(place.start.line)
    let before = String(String.UnicodeScalarView(line.unicodeScalars.prefix(place.start.column - 1)))
    if before.contains(": ") {
      diagnostic.message = "a second ': ' on one line cannot begin a value"
      diagnostic.help = "put the text into quotes, or put what follows on a line of its own"
      return
    }
    let above = (1..<max(1, place.start.line)).suffix(100).last { number in source.line(number).contains { $0 != " " && $0 != "\t" } }
    if let above, firstColumn(above) == firstColumn(place.start.line), !source.line(above).contains(":") {
      diagnostic.message = "a line that is neither a key nor a value: it has no ':'"
      withoutColon(above, &diagnostic)
      explainComment(&diagnostic)
      return
    }
    if let above, firstColumn(above) < firstColumn(place.start.line), Identifier.isValid(self.line(above).text) {
      diagnostic = .missingColon(after: self.line(above).text, at: self.line(above))
      return
    }
    diagnostic.message = "this key is indented deeper than the line above, which has a value already"
    diagnostic.range = self.line(place.start.line, upTo: place.start.byteOffset)
    guard let above else { return }
    diagnostic.related = [.init("the line above", at: self.line(above))]
    diagnostic.help = "begin it in column \(firstColumn(above)), or take the value away from the line above"
  }

  /// Points at a line that lacks its colon.
  private func withoutColon(_ number: Int, _ diagnostic: inout Diagnostic) {
    diagnostic.range = line(number)
    let words = diagnostic.range.text.split(separator: " ", maxSplits: 1)
    guard let key = words.first, Identifier.isValid(String(key)) else { return }
    diagnostic.help = "write \(key):" + (words.count > 1 ? " " + String(words[1]).shortened : "")
  }

  /// A key at the left edge that is no section of a pipeline: what follows it was meant to stand beside it.
  private var strayKey: SourceRange? {
    guard source.kind == .file else { return nil }
    let lines = (1..<max(1, place.start.line)).suffix(200).reversed()
    for number in lines {
      let text = source.line(number)
      guard let first = text.first, Identifier.allows(first.unicodeScalars.first ?? " ", first: true) else { continue }
      let key = String(text.prefix { $0 != ":" && $0 != " " })
      guard text.dropFirst(key.count).first == ":", !SyntaxReader.keys.contains(key) else { return nil }
      // A section that is merely misspelt stands where it should.
      let letters = Array(key.unicodeScalars)
      guard !SyntaxReader.keys.contains(where: { NearestName.distance(letters, Array($0.unicodeScalars)) <= 1 }) else { return nil }
      let start = source.lineStart(number)
      return range(start..<(start + key.utf8.count))
    }
    return nil
  }

  private func firstColumn(_ number: Int) -> Int { source.line(number).prefix { $0 == " " || $0 == "\t" }.count + 1 }

  /// The text of a line without its indentation.
  private func line(_ number: Int, upTo end: Int? = nil) -> SourceRange {
    let start = source.lineStart(number)
    let text = source.line(number)
    return range((start + firstColumn(number) - 1)..<(end ?? start + text.utf8.count))
  }
}

extension Diagnostic {
  /// `key:value`, which is no key and value.
  static func missingSpace(at range: SourceRange) -> Diagnostic {
    let name = range.text.prefix { $0 != ":" && $0 != "=" }
    var value = String(range.text.dropFirst(name.count + 1)).shortened
    // A bracket has more behind it than the range.
    if value.hasPrefix("{") { value = "{…}" }
    if value.hasPrefix("[") { value = "[…]" }
    return Diagnostic(
      .missingSpace,
      range.text.dropFirst(name.count).first == "="
        ? "'=' ends no key: '\(range.text.shortened)'" : "a space is missing after the colon of '\(range.text.shortened)'", at: range,
      help: value.isEmpty ? "a colon ends a key only when a space follows" : "write \(name): \(value)")
  }

  /// A key that no colon ends.
  static func missingColon(after name: String, before value: String? = nil, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingSpace, "'\(name)' is no key yet: a colon and a space must follow it", at: range,
      help: "write \(name):\(value.map { " " + $0 } ?? "")")
  }

  /// `${name}`, which is a shell's way.
  static func shellReference(_ text: String, at range: SourceRange) -> Diagnostic {
    let name = text.split { $0 == " " || $0 == "{" || $0 == "." }.last.map(String.init) ?? ""
    return shellReference(named: name, at: range)
  }

  private static func shellReference(named name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badReference, "'${' begins no reference", at: range,
      help: Identifier.isValid(name)
        ? "write $\(name), or $(\(name)) inside of text" : "a parameter is written $name, or $(name) inside of text")
  }
}
