import PipelineLanguage
import Testing

/// Every word of every shipped pipeline, misspelt in every way: refused at the word, once, with the word suggested.
@Suite struct MisspeltPipelineTests {
  @Test(arguments: ShippedPipeline.all)
  func `a misspelt word is found at its place, alone, and the right word is suggested`(_ file: ShippedPipeline) throws {
    let text = try file.text()
    var wrong: [String] = []
    for (turn, word) in try file.words().enumerated() where word.role != .free {
      for slip in Misspelling.all(of: word.text, turn: turn) where !word.others.contains(slip) {
        let bytes = Array(text.utf8)
        let mutant = String(decoding: bytes[..<word.bytes.lowerBound] + slip.utf8 + bytes[word.bytes.upperBound...], as: UTF8.self)
        let notes = file.load(mutant).diagnostics
        if !isAsExpected(notes, word, slip) { wrong.append("\(word.text) -> \(slip): \(notes.rendered(as: .text))") }
      }
    }
    if let first = wrong.first { Issue.record("\(wrong.count) mutants, the first:\n\(first)") }
  }

  private func isAsExpected(_ notes: [Diagnostic], _ word: MutantWord, _ slip: String) -> Bool {
    switch word.role {
    case .free: return true
    case .name(let code):
      guard notes.count == 1, let note = notes.first else { return false }
      return note.code == code && note.range.start.byteOffset == word.place && note.suggestion == word.suggestion ?? word.text
    case .declaration(let code):
      // Each use is told, and where the name it means is declared.
      return !notes.isEmpty
        && notes.allSatisfy { note in
          // An exclude may name a field of it: scaling.k.
          (note.code == code || note.code == .unknownGather && note.suggestion == slip || note.code == .idleExclude)
            && note.suggestion?.split(separator: ".").first.map(String.init) == slip
            && note.related.contains { $0.range.start.byteOffset == word.bytes.lowerBound }
        }
    }
  }
}
