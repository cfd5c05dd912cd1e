import PipelineLanguage
import Testing

/// What else happens to a file: a key twice, a tab, a bracket or quote left open, a space lost, a word for a number. Each is
/// refused at its place, alone.
@Suite struct BrokenPipelineTests {
  /// A damaged text, and the one message it must get: the code, and the byte where it stands.
  struct Mutant {
    let text: String
    let code: DiagnosticCode
    let place: Int
    let related: Int?

    init(_ bytes: [UInt8], replacing range: Range<Int>, by new: String, _ code: DiagnosticCode, at place: Int, related: Int? = nil) {
      text = String(decoding: bytes[..<range.lowerBound] + new.utf8 + bytes[range.upperBound...], as: UTF8.self)
      (self.code, self.place, self.related) = (code, place, related)
    }
  }

  /// Those that are not refused as they must be, with what is said instead.
  private func survivors(_ mutants: [Mutant], of file: ShippedPipeline) -> [String] {
    mutants.compactMap { mutant in
      let notes = file.load(mutant.text).diagnostics
      if notes.count == 1, let note = notes.first, note.code == mutant.code, note.range.start.byteOffset == mutant.place,
        mutant.related.map({ place in note.related.contains { $0.range.start.byteOffset == place } }) ?? true
      {
        return nil
      }
      let line = mutant.text.utf8.prefix(mutant.place).count { $0 == UInt8(ascii: "\n") } + 1
      return "\(mutant.code) in line \(line): \(notes.rendered(as: .text))"
    }
  }

  private func check(_ mutants: [Mutant], of file: ShippedPipeline) {
    let wrong = survivors(mutants, of: file)
    #expect(!mutants.isEmpty)
    if let first = wrong.first {
      Issue.record(
        "\(wrong.count) of \(mutants.count) mutants, the first:\n\(first)\nall: \(wrong.map { $0.prefix(60) }.joined(separator: "; "))")
    }
  }

  @Test(arguments: ShippedPipeline.all)
  func `a key that stands twice is reported the second time, with the first`(_ file: ShippedPipeline) throws {
    let source = try file.source()
    check(
      file.entries(of: try file.root()).map { entry in
        let key = entry.key.range
        let whole = key.joined(to: entry.value.range)
        let isBlock = source.bytes[source.lineStart(of: key)..<key.start.byteOffset].allSatisfy { $0 == UInt8(ascii: " ") }
        let between = isBlock ? "\n" + String(repeating: " ", count: key.start.column - 1) : ", "
        let start = key.start.byteOffset
        return Mutant(
          source.bytes, replacing: start..<start, by: whole.text + between, .duplicateKey,
          at: start + whole.text.utf8.count + between.utf8.count, related: start)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all)
  func `a line without its value before the same line is a key that stands twice`(_ file: ShippedPipeline) throws {
    let source = try file.source()
    check(
      file.entries(of: try file.root()).compactMap { entry in
        let start = source.lineStart(of: entry.key.range)
        let isBlock = source.bytes[start..<entry.key.range.start.byteOffset].allSatisfy { $0 == UInt8(ascii: " ") }
        guard isBlock, entry.value.range.start.line > entry.key.range.start.line else { return nil }
        let line = source.line(entry.key.range.start.line) + "\n"
        let place = entry.key.range.start.byteOffset
        return Mutant(
          source.bytes, replacing: start..<start, by: line, .duplicateKey, at: place + line.utf8.count, related: place)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all, ["\t", "  \t", "\t\t"])
  func `a tab in an indentation is reported at the tab`(_ file: ShippedPipeline, _ indentation: String) throws {
    let source = try file.source()
    let tab = indentation.utf8.prefix { $0 == UInt8(ascii: " ") }.count
    check(
      (1...source.lineCount).compactMap { number in
        let line = source.line(number)
        let spaces = line.prefix { $0 == " " }.count
        guard spaces >= max(1, tab), let first = line.dropFirst(spaces).first, first != "#" else { return nil }
        let start = source.start(ofLine: number)
        return Mutant(source.bytes, replacing: start..<(start + spaces), by: indentation, .tab, at: start + tab)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all)
  func `a bracket that is not closed is reported where it opens, with the end of the file`(_ file: ShippedPipeline) throws {
    let source = try file.source()
    check(
      file.brackets(in: try file.root()).map { node, open in
        let end = node.range.end.byteOffset
        return Mutant(
          source.bytes, replacing: (end - 1)..<end, by: "", .unclosed, at: open.range.start.byteOffset, related: source.bytes.count - 1)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all, ["\"", "'"])
  func `a quote that is not closed is reported where it opens`(_ file: ShippedPipeline, _ quote: String) throws {
    let source = try file.source()
    check(
      file.nodes(of: try file.root()).compactMap { node in
        guard node.scalar != nil, !node.range.text.contains("'") else { return nil }
        let start = node.range.start.byteOffset
        return Mutant(source.bytes, replacing: start..<start, by: quote, .unclosed, at: start, related: source.bytes.count + 1)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all)
  func `a colon without its space is reported at its key`(_ file: ShippedPipeline) throws {
    let source = try file.source()
    check(
      file.entries(of: try file.root()).compactMap { entry in
        let end = entry.key.range.end.byteOffset
        guard entry.value.range.start.byteOffset == end + 2 else { return nil }
        return Mutant(
          source.bytes, replacing: (end + 1)..<(end + 2), by: "", .missingSpace, at: entry.key.range.start.byteOffset)
      }, of: file)
  }

  @Test(arguments: ShippedPipeline.all, ["twenty", "20x", "\"20\"", "1,5"])
  func `a text for a number is reported at the text`(_ file: ShippedPipeline, _ word: String) throws {
    let source = try file.source()
    let pipeline = try #require(file.load(source.wholeRange.text).pipeline)
    check(
      file.numbers(of: try file.root(), in: pipeline).compactMap { number in
        // Inside of brackets a comma ends the value, and a key without one follows.
        if word.contains(","), number.isInFlow { return nil }
        let start = number.range.start.byteOffset
        let code: DiagnosticCode =
          switch number.path.first {
          case "plumb" where number.path.count == 1: .formatVersion
          case "exclude": .idleExclude
          default: .wrongType
          }
        return Mutant(source.bytes, replacing: start..<number.range.end.byteOffset, by: word, code, at: start)
      }, of: file)
  }
}
