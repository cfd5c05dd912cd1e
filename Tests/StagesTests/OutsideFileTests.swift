import Basics
import Execution
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// Files that a pipeline names by address.
@Suite struct OutsideFileTests {
  private static let features = TinyRun.digits + "/digits-features.pt"

  private func pipeline(_ with: String) -> String {
    """
    plumb: 1
    name: fetched
    stages:
      features: {uses: load-features, with: {\(with)}}
    default: [features]
    """
  }

  /// A workspace on a store of its own, in a folder that `body` has.
  private func with<Result>(_ with: String, _ body: (Workspace) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-outside-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(pipeline(with).utf8), to: folder + "/p.plumb.yaml")
    return try body(Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: StageTable.plumbline))
  }

  private func refusal(_ text: String) -> String {
    do {
      return try with(text) {
        _ = try $0.plan(history: $0.history())
        return "no error"
      }
    } catch let error as DiagnosticsError {
      return error.diagnostics.map(\.rendered).joined()
    } catch {
      return "\(error)"
    }
  }

  @Test func aFileByAddressHasTheKeyOfTheFileAndIsFetchedWhenItRuns() throws {
    let sha256 = try AtomicFile.digest(Self.features).digest.hex
    let told = "architecture: digits-features, config: {}"
    let byFile = try with("file: \(Self.features), \(told)") { try $0.plan(history: $0.history()).cells.map(\.recipeKey) }
    try with("url: 'file://\(Self.features)', sha256: \(sha256), \(told)") { workspace in
      let plan = try workspace.plan(history: workspace.history())
      #expect(plan.cells.map(\.recipeKey) == byFile, "the address enters no key")
      let path = workspace.store.downloads + "/" + sha256
      #expect(!FileManager.default.fileExists(atPath: path), "planning fetches nothing")
      let run = PipelineRun(workspace: workspace, command: [])
      let finished = try run.run(history: workspace.history(), cancellation: Cancellation(), planned: { _ in { _ in } }, idle: { _ in })
      for outcome in finished.outcomes { if case .failed(let error) = outcome.ending { throw error } }
      #expect(try AtomicFile.digest(path).digest.hex == sha256)
    }
  }

  @Test func whatIsWrongWithANameIsSaidAtItsField() {
    let digest = Digest(of: "x").hex
    let wrong: [(String, String)] = [
      ("url: 'https://host/x.pt'", "needs its digest"),
      ("url: 'ftp://host/x.pt', sha256: \(digest)", "not an address"),
      ("url: 'https://host/x.pt', file: x.pt, sha256: \(digest)", "named twice"),
      ("architecture: digits-features", "which file"),
      ("url: 'https://host/x.pt', sha256: \(digest)", "not fetched yet"),
    ]
    for (with, words) in wrong {
      let said = refusal(with)
      #expect(said.contains(words), "\(with): \(said)")
      if words != "which file" { #expect(said.contains("^"), "a caret under the field: \(said)") }
    }
  }
}

/// The choice of random numbers.
@Suite struct RandomParameterTests {
  private func pipeline(_ random: String) -> String {
    """
    plumb: 1
    name: random
    stages:
      \(TinyRun.weights)
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 2, samples: 5, seed: 4\(random)}}
    default: [sample]
    """
  }

  private func identity(_ random: String) throws -> (key: Digest, images: Digest) {
    let run = try TinyRun(pipeline(random))
    let outcome = try #require(run.finished.outcomes.first { $0.cell.cell.name == "sample" })
    return (outcome.cell.recipeKey, try run.artifact("sample", "images").digest)
  }

  @Test func theDefaultHasNoPlaceInTheKeyAndTheOthersHave() throws {
    let plain = try identity("")
    #expect(try identity(", random: {generator: philox}") == plain)
    let torch = try identity(", random: {generator: torch, batch_size: 2}")
    let wider = try identity(", random: {generator: torch, batch_size: 4}")
    let apart = try identity(", random: {generator: torch-per-sample}")
    #expect(Set([plain.key, torch.key, wider.key, apart.key]).count == 4)
    #expect(Set([plain.images, torch.images, wider.images, apart.images]).count == 4, "other numbers, other images")
  }

  @Test(arguments: [", random: {generator: torch}", ", random: {generator: philox, batch_size: 2}"]) func theBatchSizeBelongsToTorchAlone(
    _ random: String
  ) throws {
    let error = #expect(throws: DiagnosticsError.self) { try TinyRun(pipeline(random)) }
    #expect(error?.diagnostics.first?.rendered.contains("batch") == true)
  }
}
