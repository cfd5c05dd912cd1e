import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import Synchronization
import Testing

/// Work that is done again gives what it gave, or is told not to.
@Suite struct RepeatTests {
  @Test func `other bytes than those recorded are told as non-determinism`() throws {
    let toy = try ToyRun(
      """
      plumb: 1
      name: nd
      stages:
        numbers: {uses: numbers, with: {samples: 4, mark: nd}}
        total: {uses: total, inputs: {numbers: numbers}}
      default: [total]
      """)
    try toy.run(toy.workspace())
    // The object is lost, and the stage gives something else the next time.
    let bytes = JSONValue(Array(0..<4)).encoded()
    try FileManager.default.removeItem(atPath: toy.store.path(Digest(of: bytes)))
    ToyStages.extra.withLock { $0["nd"] = 7 }
    let notes = Mutex<[String]>([])
    let again = try toy.run(toy.workspace()) { event in
      if case .noted(let cell, let note) = event { notes.withLock { $0.append("\(cell): \(note)") } }
    }
    #expect(again.errors == [])
    #expect(notes.withLock { $0.contains { $0.hasPrefix("numbers: ") && $0.contains("not deterministic") } }, "\(notes.withLock { $0 })")
    let outcome = try #require(again.outcomes.first { $0.cell.cell.name == "numbers" })
    #expect(outcome.notes.contains { $0.contains("not deterministic") })
    #expect(try toy.run(toy.workspace()).outcomes.allSatisfy { $0.notes.isEmpty }, "told once")
  }

  @Test func `other bytes under a key whose result is there are an error`() throws {
    let toy = try ToyRun(
      "plumb: 1\nname: nd\nstages:\n  numbers: {uses: numbers, with: {samples: 4, mark: nd-forced}}\ndefault: [numbers]\n")
    try toy.run(toy.workspace())
    ToyStages.extra.withLock { $0["nd-forced"] = 7 }
    let forced = try toy.run(toy.workspace(), forced: ["numbers"])
    #expect(forced.errors.count == 1 && forced.errors[0].contains("not deterministic"), "\(forced.errors)")
  }
}
