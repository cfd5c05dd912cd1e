import ArtifactStore
import Basics
import Execution
import Planning
import StageRuntime
import Testing

/// Runs of several lengths share blocks: whoever computes one, its manifest is the same.
@Suite struct SharedBlockTests {
  private let toy: ToyRun

  init() throws {
    toy = try ToyRun(
      """
      plumb: 1
      name: shared
      params: {samples: 8}
      stages:
        numbers: {uses: numbers, with: {samples: $samples}}
        total: {uses: total, inputs: {numbers: numbers}}
      default: [total]
      """)
  }

  @Test func `cells of several lengths that compute the same blocks at once agree`() throws {
    let finished = try toy.run(toy.workspace("samples=4,8,16,32,64,128", lanes: 8), forced: ["numbers"])
    #expect(finished.errors == [])
    #expect(finished.status == .done)
  }

  @Test func `a run of another length computes a shared block again and finds the same`() throws {
    try toy.run(toy.workspace("samples=8"))
    let longer = try toy.run(toy.workspace("samples=16"), forced: ["numbers"])
    #expect(longer.errors == [])
    let shorter = try toy.run(toy.workspace("samples=4"), forced: ["numbers"])
    #expect(shorter.errors == [])
  }

  @Test func `blocks in the manifests of older versions, which held the extent, are found and agree`() throws {
    let workspace = try toy.workspace("samples=8")
    let plan = try workspace.plan(history: workspace.history())
    let cell = try #require(plan.cells.first { $0.cell.stage == "numbers" })
    let inputs = try #require(InputEncoding.canonical(cell.cell) { _ in nil })
    for range in [0..<4, 4..<8] {
      let object = try toy.store.put(JSONValue(Array(range)).encoded())
      let block = Artifact(
        type: "block", parts: [.init(name: "numbers", object: object)], facts: ["range": JSONValue([range.lowerBound, range.upperBound])])
      let old = ResultManifest(stage: "numbers", version: 1, ownKey: cell.identity.ownKey, outputs: ["block": block])
      let key = ResultKey(semantic: cell.identity.blockKey(range, inputs: inputs), profile: plan.profile.digest)
      #expect(try toy.store.publish(old, as: key) == .published)
    }
    let planned = try toy.workspace("samples=16").plan(history: workspace.history())
    #expect(planned.cells.compactMap(\.blocks).map(\.cached) == [2], "a longer run finds them")
    let finished = try toy.run(toy.workspace("samples=16"), forced: ["numbers"])
    #expect(finished.errors == [], "computed again they do not collide")
  }
}
