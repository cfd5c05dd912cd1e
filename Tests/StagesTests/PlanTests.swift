import Basics
import Execution
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// A plan says what a run does: no more, no less, nothing twice.
@Suite struct PlanTests {
  private func text(_ sample: String, params: String = "", more: String = "") -> String {
    """
    plumb: 1
    name: planned
    \(params)
    stages:
      \(TinyRun.weights)
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 4, seed: 3, \(sample)}}
    \(more)
    default: [sample]
    """
  }

  /// With a workspace for a pipeline, which goes away afterwards.
  private func withWorkspace<Result>(_ text: String, _ body: (Workspace) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-plan-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    return try body(
      Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: StageTable.plumbline))
  }

  /// Plans, runs, and returns both.
  private func planAndRun(_ text: String) throws -> (plan: Plan, outcomes: [CellOutcome]) {
    try withWorkspace(text) { workspace in
      let plan = try workspace.plan(history: workspace.history())
      let finished = try PipelineRun(workspace: workspace, command: []).run(
        history: workspace.history(), cancellation: Cancellation(), planned: { _ in { _ in } }, idle: { _ in })
      for outcome in finished.outcomes { if case .failed(let error) = outcome.ending { throw error } }
      return (plan, finished.outcomes)
    }
  }

  private func blocksComputed(_ outcomes: [CellOutcome]) -> Int { outcomes.reduce(0) { $0 + $1.blocksComputed } }

  @Test func equalCellsAreCountedOnceAndComputedOnce() throws {
    let (plan, outcomes) = try planAndRun(
      text("samples: 64, epsilon_scaling: {k: $scaling.k}", params: "params: {scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}]}}"))
    let samples = plan.cells.filter { $0.cell.stage == "sample" }
    try #require(samples.count == 2)
    #expect(samples.map { $0.twin == nil } == [true, false])
    #expect(samples[1].twin == samples[0].cell.id)
    #expect(plan.evaluationsToDo == 64 * 4)
    #expect(blocksComputed(outcomes) == samples[0].blocks?.toDo)
  }

  @Test func samplesThatTwoCellsShareAreCountedOnceAndComputedOnce() throws {
    let (plan, outcomes) = try planAndRun(text("samples: $samples", params: "params: {samples: {sweep: [64, 150]}}"))
    let blocks = plan.cells.compactMap { $0.cell.stage == "sample" ? $0.blocks : nil }
    #expect(blocks.map(\.total) == [2, 5])
    #expect(blocks.map(\.toDo) == [2, 3])
    #expect(blocks.map(\.shared) == [0, 2])
    #expect(plan.evaluationsToDo == 150 * 4)
    #expect(blocksComputed(outcomes) == 5)
  }

  @Test func twoCheckpointsOfOneConfigurationAreHeldBesideEachOther() throws {
    // The second one is known by its digest: planning needs no file.
    let other = TinyRun.weights.prefix { $0 != "}" }.replacing("weights:\n", with: "other:\n", maxReplacements: 1)
      .replacing("digits-adm.pt", with: "absent.pt\n      sha256: \(String(repeating: "0", count: 64))")
    func plan(_ second: String) throws -> Plan {
      let more = """
          second: {uses: sample, inputs: {network: \(second)}, with: {steps: 4, seed: 4, samples: 64}}
          \(other)}
              process: {noise_schedule: cosine}
        """
      let text = text("samples: 64", more: more).replacing("default: [sample]", with: "default: [sample, second]")
      return try withWorkspace(text) { try $0.plan(history: $0.history()) }
    }
    let (one, two) = (try plan("weights"), try plan("other"))
    let networks = two.cells.compactMap(\.cost).flatMap(\.networks)
    try #require(networks.count == 2)
    #expect(two.peakMemory - one.peakMemory == networks[1].weightBytes + networks[1].arenaBytes && networks[1].weightBytes > 0)
  }

  @Test func theCriticalPathIsTheLongestChainOverTheLargestBlocks() throws {
    let pipeline = text(
      "samples: 640",
      more: """
          train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: 4, samples: 32}}
          score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}}
        """
    ).replacing("default: [sample]", with: "default: [score, train]")
    let (plan, _) = try planAndRun(pipeline)
    let digest = plan.profile.digest
    let entries = [
      RunIndex.Entry(ownKey: digest, stage: "sample", seconds: 2, flops: 2e9),
      RunIndex.Entry(ownKey: digest, stage: "load-weights", seconds: 3, flops: 0),
    ]
    let estimate = PlanEstimate(plan, rates: MeasuredRates(entries))
    #expect(estimate.criticalPath.cells.map(\.cell.name) == ["weights", "sample", "score.samples"])
    let sample = try #require(plan.cells.first { $0.cell.stage == "sample" })
    let features = try #require(plan.cells.first { $0.cell.stage == "score.samples" })
    // 20 blocks of 32, then 5 of 128: one of them, on a lane of its own, is a twentieth and a fifth of the work.
    let expected = 3 + sample.flopsToDo / 1e9 / 20 + features.flopsToDo / 1e9 / 5
    #expect(abs((estimate.criticalPath.seconds ?? 0) - expected) < 1e-9)
    #expect(estimate.unmeasured == ["load-dataset", "load-features", "score"])
    #expect(PlanEstimate(plan, rates: MeasuredRates([])).seconds == nil)
  }

  @Test func blockKeysAreThoseOfTheirRanges() throws {
    let (plan, _) = try planAndRun(text("samples: 64"))
    for cell in plan.cells {
      var keys = BlockKeys(cell.identity, inputs: .text("inputs"))
      for range in [0..<32, 32..<64, 4_000_000_000..<4_000_000_032] {
        #expect(keys.key(range) == cell.identity.blockKey(range, inputs: .text("inputs")))
      }
    }
  }

  @Test func aPinnedDatasetPlansWithoutItsFileAndHasTheKeyOfTheFile() throws {
    let file = TinyRun.digits + "/digits.npz"
    let sha256 = try AtomicFile.digest(file).digest.hex
    func key(_ with: String) throws -> Digest {
      let folder = FileManager.default.temporaryDirectory.path + "/plumb-pinned-\(UUID().uuidString)"
      try AtomicFile.makeDirectory(folder)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let text = "plumb: 1\nname: p\nstages:\n  images: {uses: load-dataset, with: {\(with)}}\n"
      try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
      let workspace = try Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store"), catalogue: StageTable.plumbline)
      return try #require(workspace.plan(history: workspace.history()).cells.first).recipeKey
    }
    let present = try key("file: \(file)")
    #expect(try key("file: absent.npz, sha256: '\(sha256)', shape: [5620, 1, 8, 8]") == present)
    #expect(throws: DiagnosticsError.self) { try key("file: absent.npz, sha256: '\(sha256)'") }
    #expect(throws: DiagnosticsError.self) { try key("file: \(file), shape: [7, 1, 8, 8]") }
  }
}
