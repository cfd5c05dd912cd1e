extension SyntaxHints {
  /// libyaml's own reason, in our words.
  var plain: Diagnostic {
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
        let key = String(line(place.start.line).text.prefix { $0 != ":" })
        if context.start.column == 1, SyntaxReader.keys.contains(key) {
          diagnostic.help = "begin it in column 1: '\(key)' is a section of the pipeline"
        } else if let first = firstOfBlock(above: place.start.line) {
          let (column, own) = (firstColumn(first), firstColumn(place.start.line))
          diagnostic.help = "begin it in column \(column), as line \(first) does, or line \(first) in column \(own)"
          diagnostic.related = [.init("the lines above stand beside this one", at: line(first))]
        }
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

  /// The first line of the block above a line that stands a little to the left of it: deeper than this line, not as deep as
  /// what is in the block.
  private func firstOfBlock(above number: Int) -> Int? {
    let own = firstColumn(number)
    var first: Int?
    for above in (1..<max(1, number)).suffix(1000).reversed() {
      let text = source.line(above).drop { $0 == " " || $0 == "\t" }
      if text.isEmpty || text.hasPrefix("#") { continue }
      let column = firstColumn(above)
      if column < own { return first }
      if column == own { return nil }
      if first.map({ column <= firstColumn($0) }) ?? true { first = above }
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
