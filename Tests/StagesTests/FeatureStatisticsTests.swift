import Basics
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// Features are extracted in blocks, once for whatever asks for them, and what is made of them does not depend on how.
@Suite struct FeatureStatisticsTests {
  private func text(_ samples: Int, b: String = "1.0", score: String, metrics: String = "[fd, class-score]", more: String = "") -> String {
    """
    plumb: 1
    name: features
    params: {b: \(b)}
    stages:
      \(TinyRun.weights)
      sample: {uses: sample, inputs: {network: weights}, with: {steps: 3, samples: \(samples), seed: 5, epsilon_scaling: {b: $b}}}
      \(more)
      score: {uses: score, inputs: \(score), with: {metrics: \(metrics)}}
    default: [score]
    """
  }

  private static let direct = "{samples: sample, reference: images, features: features}"

  private func outcome(_ run: TinyRun, _ cell: String) throws -> (computed: Int, evaluations: Int) {
    let outcome = try #require(run.finished.outcomes.first { $0.cell.cell.name == cell }, "no cell \(cell)")
    return (outcome.blocksComputed, outcome.cell.evaluationsToDo)
  }

  @Test func aSweepTakesTheStatisticsOfItsReferenceOnce() throws {
    let run = try TinyRun(text(40, b: "{sweep: 1.0:1.07:0.01}", score: Self.direct))
    let reference = run.finished.outcomes.filter { $0.cell.cell.stage == "score.reference" }
    #expect(reference.count == 1)
    #expect(try outcome(run, "score.reference") == (15, 1797), "1,797 images in blocks of 128")
    #expect(run.finished.outcomes.count { $0.cell.cell.stage == "score" } == 8)
    let evaluations = run.finished.outcomes.filter { $0.cell.cell.descriptor.name == "feature-statistics" }.reduce(0) {
      $0 + $1.cell.evaluationsToDo
    }
    #expect(evaluations == 1797 + 8 * 40)
  }

  @Test(arguments: [1, 3]) func theLanesChangeNoBit(_ lanes: Int) throws {
    let run = try TinyRun(text(300, score: Self.direct), lanes: lanes)
    let whole = try TinyRun(text(300, score: Self.direct), lanes: 2)
    #expect(try run.artifact("score", "scores") == whole.artifact("score", "scores"))
    #expect(try outcome(run, "score.samples").computed == 3)
  }

  @Test func statisticsWrittenOutAreThoseImplied() throws {
    let run = try TinyRun(
      text(
        40, score: "{samples: sample, reference: real}",
        more: "real: {uses: feature-statistics, inputs: {images: images, features: features}}\n  "
      ).replacing(
        "reference: real}", with: "reference: real, features: features}"))
    let implied = try TinyRun(text(40, score: Self.direct))
    #expect(try run.artifact("real", "statistics") == implied.artifact("score.reference", "statistics"))
    #expect(try run.artifact("score", "scores") == implied.artifact("score", "scores"))
  }

  @Test func aFurtherMetricExtractsNothingAnew() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-metrics-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func plan(_ metrics: String) throws -> Plan {
      try AtomicFile.write(Array(text(40, score: Self.direct, metrics: metrics).utf8), to: folder + "/p.plumb.yaml")
      let workspace = try Workspace(.init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: .plumbline)
      return try workspace.plan(history: workspace.history())
    }
    let (one, two) = (try plan("[fd]"), try plan("[class-score, fd]"))
    func cell(_ plan: Plan, _ name: String) throws -> PlannedCell { try #require(plan.cells.first { $0.cell.name == name }) }
    #expect(
      try cell(one, "score.reference").recipeKey == cell(two, "score.reference").recipeKey, "a class score asks nothing of the reference")
    #expect(try cell(one, "score.samples").recipeKey != cell(two, "score.samples").recipeKey)
    let block = try [one, two].map { try cell($0, "score.samples").identity.blockKey(0..<40, inputs: .null) }
    #expect(block[0] == block[1], "a block holds the features, whatever they are needed for")
  }

  @Test func aMetricOfTheGeneratedImagesAloneExtractsNothingOfTheReference() throws {
    let alone = try TinyRun(text(40, score: Self.direct, metrics: "[class-score]"))
    #expect(alone.finished.outcomes.allSatisfy { !["score.reference", "images"].contains($0.cell.cell.stage) })
    let both = try TinyRun(text(40, score: Self.direct))
    let score = try alone.json("score", "scores")
    #expect(try score["metrics"]?["class_score"] == both.json("score", "scores")["metrics"]?["class_score"])
    #expect(score["samples"] == 40)
    // One of two values of a sweep needs it.
    let swept = try TinyRun(
      text(40, b: "1.0, metrics: {sweep: [[fd], [class-score]]}", score: Self.direct, metrics: "$metrics"))
    #expect(swept.finished.outcomes.contains { $0.cell.cell.stage == "score.reference" })
    #expect(swept.finished.status == .done)
  }

  @Test func imagesAgainstThemselvesAreAtNoDistance() throws {
    let run = try TinyRun(
      text(
        8, score: "{samples: same, reference: images, features: features}", metrics: "[fd]",
        more: "same: {uses: load-samples, with: {file: \(TinyRun.digits)/digits.npz, array: images, layout: nchw}}\n  "))
    let distance = try #require(run.json("score", "scores")["metrics"]?["fd"]?.double)
    #expect(abs(distance) < 1e-6, "\(distance)")
  }

  /// What the plan says of a wrong use.
  private func refusal(_ text: String) throws -> String {
    let error = try #require(throws: DiagnosticsError.self) { try TinyRun(text) }
    return error.diagnostics.map(\.rendered).joined(separator: "\n")
  }

  @Test func whatAMetricAsksForMustBeThere() throws {
    let noClasses = try refusal(text(40, score: "{samples: sample, reference: images}"))
    #expect(noClasses.contains("class-score needs the logits of a network"), "\(noClasses)")
    let single = try refusal(text(1, score: Self.direct))
    #expect(single.contains("too few images for fd") && single.contains("at least 2"), "\(single)")
    let lacking = try refusal(
      text(
        40, score: "{samples: mine, reference: images, features: features}",
        more: "mine: {uses: feature-statistics, inputs: {images: sample, features: features}, with: {of: generated}}\n  "))
    #expect(lacking.contains("class-probabilities"), "\(lacking)")
    let unlike = try refusal(
      text(
        40, score: "{samples: sample, reference: pixels, features: features}", metrics: "[fd]",
        more: "pixels: {uses: feature-statistics, inputs: {images: images}}\n  "))
    #expect(unlike.contains("other features"), "\(unlike)")
  }
}
