import Basics
import Checkpoints
import Diffusion
import Engine
import EngineCPU
import Foundation
import Networks
import Planning
import Results
import StageRuntime
import StageSchema
import Stages
import Testing

/// Classifier guidance of the sampling stages, with the tiny networks of the golden cases.
@Suite struct ClassifierGuidanceTests {
  private static let golden = TinyRun.repository + "/Tests/Golden/adm"

  private static let classifier = """
    classifier:
        uses: load-classifier
        with: {file: \(golden)/classifier-forward/weights.pt, config: {num_head_channels: 16, use_new_attention_order: false}}
    """

  private static let conditional = """
    weights:
        uses: load-weights
        with:
          file: \(golden)/unet-trained-classcond/weights.pt
          config: {image_size: 8, num_heads: 4, num_head_channels: -1, use_new_attention_order: false}
          process: {noise_schedule: linear}
    """

  private static let unconditional = """
    weights:
        uses: load-weights
        with:
          file: \(golden)/unet-trained-learned/weights.pt
          config: {image_size: 8, num_head_channels: 16, use_new_attention_order: true}
          process: {noise_schedule: linear}
    """

  private static func text(_ weights: String, _ stages: String) -> String {
    "plumb: 1\nname: guided\nstages:\n  \(weights)\n  \(classifier)\n  \(stages)\n"
  }

  private static func samples(_ name: String, _ with: String, guided: Bool = true) -> String {
    """
    \(name): {uses: sample, inputs: {network: weights\(guided ? ", classifier: classifier" : "")}, with: {steps: 8, samples: 40, seed: 5, \(with)}}
    """
  }

  private func pixels(_ run: TinyRun, _ cell: String) throws -> [UInt8] {
    try run.artifact(cell, "images").parts.flatMap { part in
      try SafetensorsFile(run.workspace.store.open(part.object)).read("images").bytes
    }
  }

  /// The mean of log p(label | x) at timestep 0, as the classifier's authors' code would score finished samples.
  private func logProbability(_ bytes: [UInt8], labels: [Int32]) throws -> Double {
    let configuration = try #require(
      JSONValue(contentsOf: Self.golden + "/classifier-forward/case.json")["config"]?["model_args"])
    let graph = try ADMClassifier(configuration: configuration).graph()
    let source = try CheckpointFile.open(Self.golden + "/classifier-forward/weights.pt")
    let lane = try CPUDevice().lane(of: graph, weights: source, batch: labels.count)
    let (x, zeros, classes) = (bytes.map { Float($0) / 127.5 - 1 }, [Float](repeating: 0, count: labels.count), labels.map { Float($0) })
    var values = zeros
    try x.withUnsafeBufferPointer { x in
      try zeros.withUnsafeBufferPointer { zeros in
        try classes.withUnsafeBufferPointer { classes in
          try values.withUnsafeMutableBufferPointer { values in
            try lane.run(count: labels.count, inputs: ["x": x, "timesteps": zeros, "labels": classes], outputs: ["log_prob": values])
          }
        }
      }
    }
    return values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  }

  @Test(arguments: [conditional, unconditional], ["ddpm", "ddim"])
  func `a scale of 0 changes nothing, and guidance raises the probability of the labels`(weights: String, sampler: String) throws {
    let run = try TinyRun(
      Self.text(
        weights,
        [
          Self.samples("plain", "sampler: \(sampler)", guided: false), Self.samples("none", "sampler: \(sampler), classifier_scale: 0"),
          Self.samples("five", "sampler: \(sampler), classifier_scale: 5"),
          // The tiny classifier is all but indifferent.
          Self.samples("strong", "sampler: \(sampler), classifier_scale: 500"),
        ].joined(separator: "\n  ") + "\ndefault: [plain, none, five, strong]"))
    let (plain, none) = (try pixels(run, "plain"), try pixels(run, "none"))
    // DDIM derives its noise anew where it is guided, which rounds differently.
    if sampler == "ddpm" { #expect(none == plain, "a scale of 0 is not the plain sampler") }
    let labels = try ClassLabels.uniform(classes: 10, seed: 5).labels(of: 0..<40)
    let before = try logProbability(plain, labels: labels)
    let five = try logProbability(pixels(run, "five"), labels: labels)
    let strong = try logProbability(pixels(run, "strong"), labels: labels)
    print("\(sampler): log probability of the labels \(before) without guidance, \(five) at scale 5, \(strong) at 500")
    #expect(five > before, "guidance does not raise the probability of the labels")
    #expect(strong > five + 1e-4, "more guidance does not raise it further")
  }

  @Test func `delta is measured with guidance towards the classes of the images`() throws {
    let pictures = TinyRun.repository + "/Tests/Data/pictures/pictures-8.npz"
    func delta(_ name: String, _ inputs: String, _ with: String) -> String {
      "\(name): {uses: measure-delta, inputs: {network: weights, dataset: images\(inputs)}, with: {steps: 4, samples: 8, seed: 5\(with)}}"
    }
    let run = try TinyRun(
      Self.text(
        Self.unconditional,
        [
          "images: {uses: load-dataset, with: {file: \(pictures), images: arr_0, labels: arr_1, layout: nhwc}}", delta("plain", "", ""),
          delta("none", ", classifier: classifier", ", classifier_scale: 0"),
          delta("strong", ", classifier: classifier", ", classifier_scale: 5"),
        ].joined(separator: "\n  ") + "\ndefault: [plain, none, strong]"))
    #expect(try run.json("none", "delta") == run.json("plain", "delta"))
    #expect(try run.json("strong", "delta") != run.json("plain", "delta"))
  }

  // MARK: Planning

  private func plan(_ text: String) throws -> Plan {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-guided-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write(Array(text.utf8), to: folder + "/p.plumb.yaml")
    let workspace = try Workspace(
      .init(file: folder + "/p.plumb.yaml", store: folder + "/store", lanes: 1), catalogue: StageTable.plumbline)
    return try workspace.plan(history: workspace.history())
  }

  @Test func `the scale is keyed with a classifier only`() throws {
    func keys(_ stage: String) throws -> [String: JSONValue] {
      let cell = try #require(plan(Self.text(Self.conditional, stage + "\ndefault: [sample]")).cells.first { $0.cell.stage == "sample" })
      return cell.identity.recorded.with
    }
    #expect(try keys(Self.samples("sample", "", guided: false))["classifier_scale"] == nil)
    #expect(try keys(Self.samples("sample", ""))["classifier_scale"]?.double == 1)
  }

  @Test func `the classifier is counted, forward and backward`() throws {
    func cost(_ guided: Bool) throws -> (StageCost, Int) {
      let plan = try plan(Self.text(Self.conditional, Self.samples("sample", "", guided: guided) + "\ndefault: [sample]"))
      return (try #require(plan.cells.first { $0.cell.stage == "sample" }?.cost), plan.peakMemory)
    }
    let ((plain, plainPeak), (guided, guidedPeak)) = (try cost(false), try cost(true))
    let configuration = try #require(
      JSONValue(contentsOf: Self.golden + "/classifier-forward/case.json")["config"]?["model_args"])
    let classifier = try ADMClassifier(configuration: configuration)
    let (forward, both) = (try classifier.graph().flopsPerSample, try classifier.guidanceGraph().flopsPerSample)
    #expect(both > 3 * forward / 2, "the way back is not counted: \(forward) forward, \(both) in all")
    #expect(guided.flopsBeside - plain.flopsBeside == 8 * both)
    #expect(guided.networks.count == plain.networks.count + 1)
    #expect(guidedPeak > plainPeak)
  }

  @Test(arguments: [
    (conditional, "sampler: plms", "the sampler takes no classifier guidance"),
    (conditional, "guidance: {scale: 2, null_class: 9}", "the classifier's classes are not the network's; expected 9, found 10"),
    (TinyRun.weights, "sampler: ddpm", "expected 1x8x8, found 3x8x8"),
    (conditional.replacingOccurrences(of: "linear}", with: "linear, diffusion_steps: 500}"), "sampler: ddpm", "expected 500, found 1000"),
  ])
  func `what does not fit is refused at the edge`(weights: String, with: String, message: String) throws {
    let error = try #require(throws: DiagnosticsError.self) {
      try plan(Self.text(weights, Self.samples("sample", with) + "\ndefault: [sample]"))
    }
    let diagnostic = try #require(error.diagnostics.first)
    #expect(diagnostic.message.contains(message), "\(diagnostic.message)")
    #expect(error.diagnostics.count == 1)
  }

  @Test func `a classifier trained on another schedule is refused where it says so`() throws {
    let text = Self.text(Self.conditional, Self.samples("sample", "") + "\ndefault: [sample]")
    for (schedule, isFitting) in [("linear", true), ("cosine", false)] {
      let said = text.replacingOccurrences(
        of: "use_new_attention_order: false}}", with: "use_new_attention_order: false}, process: {noise_schedule: \(schedule)}}")
      try #require(said != text)
      guard !isFitting else {
        _ = try plan(said)
        continue
      }
      let error = try #require(throws: DiagnosticsError.self) { try plan(said) }
      #expect(error.diagnostics.first?.message.contains("expected linear, found cosine") ?? false, "\(error.diagnostics)")
    }
  }

  @Test func `a classifier in the place of a network is told as one`() throws {
    let text =
      "plumb: 1\nname: mixed\nstages:\n  weights: {uses: load-weights, with: {file: \(Self.golden)/classifier-forward/weights.pt}}\n"
    let error = try #require(throws: DiagnosticsError.self) { try plan(text + "default: [weights]") }
    #expect(error.diagnostics.first?.message.hasSuffix("found adm-classifier") ?? false, "\(error.diagnostics)")
  }

  @Test func `a scale without a classifier is refused`() throws {
    let error = try #require(throws: DiagnosticsError.self) {
      try plan(
        Self.text(Self.conditional, Self.samples("sample", "classifier_scale: 2", guided: false) + "\ndefault: [sample, classifier]"))
    }
    #expect(error.diagnostics.first?.message.contains("no classifier") ?? false, "\(error.diagnostics)")
  }
}
