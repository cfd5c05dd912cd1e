import Basics
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// What is taken for granted where a pipeline says nothing is what the network's authors do, whatever schedule of betas the
/// network was trained on and however that is called.
@Suite struct ConventionTests {
  struct Authors: Sendable, CustomTestStringConvertible {
    let weights: String
    let variance: String
    let spacing: String
    var testDescription: String { "\(variance), \(spacing)" }
  }

  private static let golden = TinyRun.repository + "/Tests/Golden"

  static let authors = [
    Authors(
      weights: "{file: \(golden)/ldm/unet-uncond/weights.ckpt, "
        + "config: {image_size: 8, num_head_channels: 8, use_new_attention_order: false}, ",
      variance: "fixed-small", spacing: "ldm-uniform"),
    Authors(
      weights: "{file: \(golden)/ddim-repo/model-trained/weights.pth, config: {resolution: 8}, ", variance: "fixed-large",
      spacing: "ddim-uniform"),
    Authors(
      weights: "{file: \(golden)/adm/unet-trained-fixed/weights.pt, "
        + "config: {image_size: 8, num_head_channels: 16, use_new_attention_order: true}, ", variance: "fixed-large", spacing: "even"),
  ]

  /// The keys of the weights and of samples of them.
  private func keys(_ weights: String, _ schedule: String, variance: String? = nil, spacing: String? = nil) throws -> [Digest] {
    let process = "process: {noise_schedule: \(schedule)\(variance.map { ", variance: \($0)" } ?? "")}}"
    let text = """
      plumb: 1
      name: conventions
      stages:
        weights: {uses: load-weights, with: \(weights)\(process)}
        sample: {uses: sample, inputs: {network: weights}, with: {steps: 4, samples: 8\(spacing.map { ", spacing: \($0)" } ?? "")}}
      """
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-conventions-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let request = Workspace.Request(file: folder + "/p.plumb.yaml", overrides: [], store: folder + "/store", lanes: 1)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline)
    return try workspace.plan(history: workspace.history()).cells.map(\.recipeKey)
  }

  @Test(arguments: authors, ["ldm-sqrt-linear", "ddim-linear"])
  func theyAreTheAuthors(_ authors: Authors, _ schedule: String) throws {
    let silent = try keys(authors.weights, schedule)
    #expect(silent.count == 2)
    #expect(
      try silent == keys(authors.weights, schedule, variance: authors.variance, spacing: authors.spacing),
      "with \(schedule), nothing said should mean \(authors.variance) and \(authors.spacing)")
    // Were either in no key, the two would agree whatever is taken.
    let variances = try ["fixed-large", "fixed-small"].map { try keys(authors.weights, schedule, variance: $0) }
    #expect(variances[0] != variances[1])
    let spacings = try ["even", "ldm-uniform", "ddim-uniform"].map { try keys(authors.weights, schedule, spacing: $0) }
    #expect(Set(spacings).count == 3)
  }
}
