import PipelineLanguage
import Testing

/// The shipped job with one word at a time damaged: whatever happens is told, near the damage and without a train of
/// further errors.
@Suite struct MutantTests {
  private struct Word {
    let range: Range<String.Index>
    let line: Int
    let column: Int
  }

  private let text = TestPipelines.digits

  private var words: [Word] {
    var words: [Word] = []
    for match in text.matches(of: /[A-Za-z0-9_.-]+/) {
      let before = text[..<match.range.lowerBound]
      let line = before.count { $0 == "\n" } + 1
      let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
      words.append(Word(range: match.range, line: line, column: before[start...].count + 1))
    }
    return words
  }

  @Test func `a word misspelt is found on its line and alone`() {
    for word in words where text[word.range].count > 3 {
      var letters = Array(text[word.range])
      letters.swapAt(1, 2)
      guard letters[1] != letters[2], !letters.contains("/") else { continue }
      let mutant = text.replacingCharacters(in: word.range, with: letters)
      let notes = TestPipelines.load(mutant).diagnostics
      let isDeclaration = notes.allSatisfy {
        [.unknownStage, .unknownParameter, .unknownGather].contains($0.code) && $0.suggestion == String(letters)
      }
      if isDeclaration { continue }
      #expect(notes.count == 1, "\(String(letters)):\n\(notes.rendered(as: .text))")
      for note in notes {
        // A reference begins with its dollar sign.
        let distance = word.column - note.range.start.column
        #expect(note.range.start.line == word.line && (0...1).contains(distance) || note.range.text.contains(letters), "\(note.rendered)")
      }
    }
  }

  @Test func `a line cut anywhere never ends the program`() {
    for (index, _) in zip(text.indices, text).enumerated().filter({ $0.offset % 7 == 0 }).map(\.element) {
      _ = TestPipelines.load(String(text[..<index]))
    }
  }

  @Test func `a character lost or doubled never ends the program`() {
    for (offset, index) in text.indices.enumerated() where offset % 5 == 0 {
      var lost = text
      lost.remove(at: index)
      _ = TestPipelines.load(lost)
      var doubled = text
      doubled.insert(text[index], at: index)
      _ = TestPipelines.load(doubled)
    }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with letters: [Character]) -> String {
    self[..<range.lowerBound] + String(letters) + self[range.upperBound...]
  }
}
