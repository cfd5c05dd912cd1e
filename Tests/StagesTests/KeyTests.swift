import Basics
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// What changes a key and what does not: the promise that a result under a key is the result of the file.
@Suite struct KeyTests {
  private static let good = """
    plumb: 1
    name: keys
    params:
      samples: 64
      scaling: {sweep: [{k: 0, b: 1.0}, {k: 0, b: 1.02}]}
    stages:
      \(TinyRun.weights)
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 4, samples: $samples, seed: 3, epsilon_scaling: $scaling}}
      delta: {uses: measure-delta, inputs: {network: weights, dataset: images}, with: {steps: 4, samples: $samples, seed: 3, epsilon_scaling: $scaling}}
      score: {uses: score, inputs: {samples: sample.images, reference: images, features: features}}
      table: {uses: table, gather: [scaling], inputs: {score: score, delta: delta}}
    default: [table]
    """

  /// The plan of a text that stands in a folder of its own.
  private func plan(_ text: String, overrides: [String] = []) throws -> Plan {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-keys-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let request = Workspace.Request(file: folder + "/p.plumb.yaml", overrides: overrides, store: folder + "/store", lanes: 2)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline)
    return try workspace.plan(history: workspace.history())
  }

  private func keys(_ plan: Plan) -> Set<Digest> { Set(plan.cells.map(\.recipeKey)) }

  @Test(arguments: [
    ("plumb: 1", "# a comment\nplumb: 1  # another"), ("name: keys", "name: other"), ("name: keys", "name: keys\nabout: Words."),
    ("{steps: 4, samples: $samples, seed: 3,", "{seed: 3, samples: $samples, steps: 4,"), ("seed: 3", "seed: 0x3"),
    ("b: 1.02", "b: 10.2e-1"),
    ("steps: 4,", "steps: 4, sampler: ddpm, clip_denoised: true, spacing: even, first: 0,"),
    ("default: [table]", "run: {lanes: 1}\ndefault: [table]"), ("delta:", "drift:"),
    ("process: {noise_schedule: cosine}", "process: {diffusion_steps: 1000, noise_schedule: cosine}"),
  ]) func whatMeansTheSameHasTheSameKeys(_ old: String, _ new: String) throws {
    let changed = Self.good.replacingOccurrences(of: old, with: new).replacingOccurrences(of: "drift: drift", with: "delta: drift")
      .replacingOccurrences(of: ", drift: delta", with: ", delta: drift")
    try #require(changed != Self.good)
    #expect(try keys(plan(changed)) == keys(plan(Self.good)))
  }

  /// The stages whose keys differ between two texts.
  private func changedStages(_ old: String, _ new: String, overrides: [String] = []) throws -> Set<String> {
    let (before, after) = (try keys(plan(Self.good)), try plan(Self.good.replacingOccurrences(of: old, with: new), overrides: overrides))
    return Set(after.cells.filter { !before.contains($0.recipeKey) }.map { $0.cell.stage })
  }

  @Test func aChangeOfMeaningChangesExactlyTheKeysDownstream() throws {
    // Coordinates are data of what gathers them, so the way they are written counts there, and only there.
    #expect(try changedStages("{k: 0, b: 1.02}", "{b: 1.02}") == ["table"])
    #expect(
      try changedStages("seed: 3, epsilon_scaling: $scaling}}\n  delta", "seed: 4, epsilon_scaling: $scaling}}\n  delta") == [
        "sample", "score.samples", "score", "table",
      ])
    #expect(try changedStages("b: 1.02", "b: 1.03") == ["sample", "delta", "score.samples", "score", "table"])
    #expect(
      try changedStages("noise_schedule: cosine", "noise_schedule: linear") == [
        "weights", "sample", "delta", "score.samples", "score", "table",
      ])
    #expect(try changedStages("", "", overrides: ["samples=65"]) == ["sample", "delta", "score.samples", "score", "table"])
  }

  @Test func blocksDoNotKnowHowManyThereAre() throws {
    let short = try #require(plan(Self.good).cells.first { $0.cell.stage == "sample" })
    let long = try #require(plan(Self.good, overrides: ["samples=640"]).cells.first { $0.cell.stage == "sample" })
    #expect(short.identity.blockKey(0..<32, inputs: .null) == long.identity.blockKey(0..<32, inputs: .null))
    #expect(short.identity.key(inputs: .null) != long.identity.key(inputs: .null))
    #expect(short.identity.blockKey(0..<32, inputs: .null) != short.identity.blockKey(32..<64, inputs: .null))
  }

  @Test func cellsOfOneMeaningShareOneKey() throws {
    // A stage that uses only $scaling.k keeps both coordinates as names, and one key.
    let text = Self.good.replacingOccurrences(
      of: "epsilon_scaling: $scaling}}\n  delta", with: "epsilon_scaling: {k: $scaling.k}}}\n  delta")
    let samples = try plan(text).cells.filter { $0.cell.stage == "sample" }
    #expect(samples.count == 2)
    #expect(Set(samples.map(\.recipeKey)).count == 1)
    #expect(Set(samples.map(\.cell.name)).count == 2)
  }
}
