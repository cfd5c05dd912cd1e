import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import Testing

/// Objects that turn bad while a run is on.
@Suite struct DamageTests {
  @Test func `a byte that flips between two reads is noticed, and what it held is computed again`() throws {
    let toy = try ToyRun(
      """
      plumb: 1
      name: flip
      stages:
        numbers: {uses: numbers, with: {samples: 8}}
        a: {uses: total, inputs: {numbers: numbers}, with: {mark: flip-a}}
        b: {uses: total, inputs: {numbers: numbers, after: a}, with: {factor: 2, mark: flip-b}}
      default: [b]
      """)
    let block = ObjectRef(digest: Digest(of: JSONValue([4, 5, 6, 7]).encoded()), length: JSONValue([4, 5, 6, 7]).encoded().count)
    let path = toy.store.path(block.digest)
    let flag = toy.folder + "/flipped"
    // `a` has read the block when `b` begins.
    ToyStages.hooks.withLock {
      $0["flip-b"] = { _ in
        guard !FileManager.default.fileExists(atPath: flag) else { return }
        try Data().write(to: URL(fileURLWithPath: flag))
        let bytes = try AtomicFile.read(path)
        try FileManager.default.removeItem(atPath: path)
        try Data([bytes[0] ^ 1] + bytes.dropFirst()).write(to: URL(fileURLWithPath: path))
      }
    }
    let repairs = RepairCounter()
    let finished = try toy.run(toy.workspace(lanes: 1)) { if case .repaired = $0 { repairs.add() } }
    #expect(finished.errors == [])
    #expect(repairs.count == 1)
    let total = try #require(finished.outcomes.first { $0.cell.cell.name == "b" }?.result?.outputs["total"])
    #expect(try toy.store.read(total.part("data")) == JSONValue(56).encoded())
  }

  @Test func `what is remembered of an input that is computed again with other bytes is not used`() throws {
    let toy = try ToyRun(
      """
      plumb: 1
      name: changed
      stages:
        numbers: {uses: numbers, with: {samples: 8, mark: changed}}
        a: {uses: total, inputs: {numbers: numbers}}
        b: {uses: total, inputs: {numbers: numbers, after: a}, with: {factor: 2, mark: changed-b}}
      default: [b]
      """)
    let path = toy.store.path(Digest(of: JSONValue([4, 5, 6, 7]).encoded()))
    ToyStages.hooks.withLock {
      $0["changed-b"] = { _ in
        guard FileManager.default.fileExists(atPath: path) else { return }
        ToyStages.extra.withLock { $0["changed"] = 7 }
        try FileManager.default.removeItem(atPath: path)
      }
    }
    let finished = try toy.run(toy.workspace(lanes: 1))
    #expect(finished.errors == [])
    let total = try #require(finished.outcomes.first { $0.cell.cell.name == "b" }?.result?.outputs["total"])
    let changed = [0, 1, 2, 3] + [4, 5, 6, 7].map { $0 + 7 }
    #expect(try toy.store.read(total.part("data")) == JSONValue(2 * changed.reduce(0, +)).encoded())
  }
}
