/// Turns libyaml's reason for stopping into a message at the place where the text should be mended.
enum SyntaxHints {
  /// - Parameter offset: characters of the source before the part that was parsed.
  static func diagnostic(for problem: EventStream.Problem, in source: SourceText, offset: Int = 0) -> Diagnostic {
    guard let mark = problem.mark?.moved(by: offset) else {
      let start = source.position(byte: offset + problem.byteOffset)
      let end = source.position(byte: offset + problem.byteOffset + 1)
      return Diagnostic(.badCharacters, problem.message, at: SourceRange(source: source, start: start, end: end))
    }
    let place = character(mark, in: source)
    if let marker = conflictMarker(in: source) { return marker }
    if let tab = tab(near: mark, in: source) { return tab }
    if let context = problem.contextMark?.moved(by: offset),
      let unclosed = unclosed(from: character(context, in: source), problem: problem, at: place)
    {
      return unclosed
    }
    var diagnostic = Diagnostic(.syntax, words(problem), at: place)
    if let context = problem.contextMark?.moved(by: offset), context.index != mark.index, let words = problem.context {
      diagnostic.related = [.init(words, at: character(context, in: source))]
    }
    diagnostic.help = help(for: problem, at: place)
    return diagnostic
  }

  private static func words(_ problem: EventStream.Problem) -> String {
    switch problem.message {
    case "mapping values are not allowed in this context": "a second ': ' on this line cannot begin a value"
    case "could not find expected ':'": "a line that is neither a key nor a value: no ':' follows"
    case "did not find expected key": "a key was expected here: the indentation differs from the lines above"
    case "found character that cannot start any token": "this character cannot begin a value; put the text into quotes"
    default: problem.message
    }
  }

  private static func help(for problem: EventStream.Problem, at place: SourceRange) -> String? {
    let line = place.source.line(place.start.line)
    if line.contains("${") { return "a reference is written $name, or $(name) inside of text" }
    guard problem.context?.contains("flow") == true else { return nil }
    let before = line.unicodeScalars.prefix(max(0, place.start.column - 1)).last
    if place.text == "[", let before, !" ,:{[".unicodeScalars.contains(before) {
      return "inside of { } a cell must be quoted: \"stage[axis=value]\""
    }
    return nil
  }

  private static func character(_ mark: EventStream.Mark, in source: SourceText) -> SourceRange {
    SourceRange(source: source, start: source.position(character: mark.index), end: source.position(character: mark.index + 1))
  }

  private static func conflictMarker(in source: SourceText) -> Diagnostic? {
    guard source.lineCount <= 100_000 else { return nil }
    for number in 1...source.lineCount {
      let line = source.line(number)
      guard line.hasPrefix("<<<<<<< ") || line.hasPrefix(">>>>>>> ") || line == "=======" else { continue }
      let start = source.position(byte: source.lineStart(number))
      return Diagnostic(
        .conflictMarker, "a merge conflict was left here",
        at: SourceRange(source: source, start: start, end: source.position(byte: start.byteOffset + 7)),
        help: "choose one side and delete the three marker lines")
    }
    return nil
  }

  /// A tab in the indentation of the line where libyaml stopped, or of the one before it.
  private static func tab(near mark: EventStream.Mark, in source: SourceText) -> Diagnostic? {
    for number in [mark.line + 1, mark.line] where number >= 1 {
      let indentation = source.line(number).prefix { $0 == " " || $0 == "\t" }.utf8
      guard let offset = indentation.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let byte = source.lineStart(number) + indentation.distance(from: indentation.startIndex, to: offset)
      let range = SourceRange(source: source, start: source.position(byte: byte), end: source.position(byte: byte + 1))
      return Diagnostic(.tab, "a tab cannot indent", at: range, help: "indent with spaces")
    }
    return nil
  }

  /// A bracket or quote that nothing closes is reported where it opens.
  private static func unclosed(from opener: SourceRange, problem: EventStream.Problem, at place: SourceRange) -> Diagnostic? {
    let source = opener.source
    let end = SourceRange(source: source, start: source.wholeRange.end, end: source.wholeRange.end)
    if problem.context == "while scanning a quoted scalar" {
      return Diagnostic(.unclosed, "this quote is never closed", at: opener, related: [.init("the file ends here", at: end)])
    }
    guard problem.context?.contains("flow") == true, opener.text == "[" || opener.text == "{" else { return nil }
    guard BracketScan.isUnclosed(source.bytes, from: opener.start.byteOffset) else { return nil }
    return Diagnostic(
      .unclosed, "this '\(opener.text)' is never closed", at: opener, related: [.init("the file ends here", at: end)])
  }
}

/// Follows brackets through a text the way YAML reads them: quotes and comments do not count.
private enum BracketScan {
  static func isUnclosed(_ bytes: [UInt8], from start: Int) -> Bool {
    var open: [UInt8] = []
    var index = start
    var previous = UInt8(ascii: " ")
    while index < bytes.count {
      let byte = bytes[index]
      let startsToken = " \t\n\r,:[{".utf8.contains(previous)
      switch byte {
      case UInt8(ascii: "#") where startsToken: index = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
      case UInt8(ascii: "'") where startsToken, UInt8(ascii: "\"") where startsToken: index = closingQuote(bytes, from: index)
      case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
      case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // The wrong bracket is an error of its own, at that bracket.
        guard open.popLast() == byte else { return false }
        if open.isEmpty { return false }
      default: break
      }
      if index < bytes.count { previous = bytes[index] }
      index += 1
    }
    return true
  }

  private static func closingQuote(_ bytes: [UInt8], from start: Int) -> Int {
    let quote = bytes[start]
    var index = start + 1
    while index < bytes.count, bytes[index] != quote {
      index += quote == UInt8(ascii: "\"") && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index
  }
}
