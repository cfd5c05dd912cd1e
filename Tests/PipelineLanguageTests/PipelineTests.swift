import Basics
import PipelineLanguage
import StageSchema
import Testing

@Suite struct PipelineTests {
  @Test func `the shipped job parses without a message`() throws {
    let loaded = TestPipelines.load(TestPipelines.digits)
    #expect(loaded.diagnostics.map(\.rendered) == [])
    let pipeline = try #require(loaded.pipeline)
    #expect(pipeline.name == "digits-es")
    #expect(pipeline.about == "Epsilon Scaling on the shipped digits model, 20 steps.")
    #expect(pipeline.axes.map(\.name) == ["scaling"])
    #expect(pipeline.stages.map(\.name) == ["network", "images", "features", "train", "sample", "delta", "score", "table"])
    #expect(pipeline.defaults.map(\.stage) == ["table"])
    let sample = try #require(pipeline.stage("sample"))
    #expect(sample.axes == [0])
    let marked = MarkedText(
      TestPipelines.digits
        .replacing("sample, inputs: {network: network}", with: "sample, inputs: {network: ⟦network}")
        .replacing(
          "with: {sampler: ddpm, steps: $steps, samples: $samples, seed: $seed, epsilon_scaling: $scaling}}\n  delta",
          with: "with: {sampler: ddpm, steps: ⟦$steps, samples: $samples, seed: $seed, epsilon_scaling: $scaling}}\n  delta"))
    let places = [sample.origin("inputs.network"), sample.origin("with.steps")].map { "\($0.start.line):\($0.start.column)" }
    #expect(places == marked.places)
    #expect(sample.origin("with.steps").text == "$steps")
    #expect(pipeline.stage("train")?.axes == [])
    #expect(pipeline.stage("table")?.axes == [])
    #expect(pipeline.stage("table")?.inputs.map(\.gathered) == [[0], [0], [0], []])
  }

  @Test func `values take the type of their field and absent ones their default`() throws {
    let text = TestPipelines.small.replacing("sampler: ddpm", with: "sampler: ddim\n      eta: 1\n      title: no\n      clip: True")
    let sample = try #require(TestPipelines.load(text).pipeline?.stage("sample"))
    let values = Dictionary(sample.fields.map { ($0.field.name, $0.value { _ in 0 }) }, uniquingKeysWith: { first, _ in first })
    #expect(values["eta"] == .number(1))
    #expect(values["title"] == .text("no"))
    #expect(values["clip"] == .bool(true))
    #expect(values["seed"] == .integer(0))
    #expect(values["range"] == .null)
    #expect(values["epsilon_scaling"] == .record(["k": .number(0), "b": .number(1)]))
  }

  @Test(arguments: [("1e-4", 1e-4), ("0x10", 16), ("0o17", 15), (".5", 0.5), ("+1.", 1), ("-0.0", 0)])
  func `numbers are those of the YAML core schema`(_ written: String, _ value: Double) throws {
    let text = TestPipelines.small.replacing("{k: 0.004, b: 1.0}", with: "{k: \(written), b: 1.5}")
    let loaded = TestPipelines.load(text)
    #expect(loaded.diagnostics.map(\.rendered) == [])
    let field = try #require(loaded.pipeline?.stage("sample")?.fields.first { $0.field.name == "epsilon_scaling" })
    let found = field.value { axis in axis == 1 ? 2 : 0 }["k"]
    #expect(found == .number(value))
  }

  @Test func `an open field keeps the looks of its values`() throws {
    let text = TestPipelines.small.replacing(
      "config: {image_size: 8}", with: "config: {a: 1, b: 1.5, c: no, d: null, e: \"1\", f: true, g: [1, x], h: {i: 0x1F}}")
    let network = try #require(TestPipelines.load(text).pipeline?.stage("network"))
    let config = network.fields.first { $0.field.name == "config" }?.value { _ in nil }
    #expect(
      config
        == .record([
          "a": .integer(1), "b": .number(1.5), "c": .text("no"), "d": .null, "e": .text("1"), "f": .bool(true),
          "g": .list([.integer(1), .text("x")]), "h": .record(["i": .integer(31)]),
        ]))
    #expect(network.origin("with.config.h.i").text == "0x1F")
  }

  @Test func `references are typed, reach into fields and stand in text`() throws {
    let text = TestPipelines.small
      .replacing("  samples: 100", with: "  samples: 100\n  root: data/\n  name: $(root)w-$(samples).pt\n  price: $$5\n  model: {size: 8}")
      .replacing("file: weights.pt", with: "file: $name")
      .replacing("image_size: 8", with: "image_size: $model.size")
      .replacing("sampler: ddpm", with: "sampler: ddpm\n      title: $price for $(steps) $$")
    let wrong = TestPipelines.load(text)
    #expect(wrong.diagnostics.map { "\($0.code) \($0.range.place)" } == ["P032 test.plumb.yaml:27:14"])
    let loaded = TestPipelines.load(text.replacing("title: $price for", with: "title: $(price) for"))
    #expect(loaded.diagnostics.map(\.rendered) == [])
    let pipeline = try #require(loaded.pipeline)
    let network = try #require(pipeline.stage("network"))
    #expect(network.fields.first { $0.field.name == "file" }?.value { _ in nil } == .text("/data/data/w-100.pt"))
    #expect(network.fields.first { $0.field.name == "config" }?.value { _ in nil } == .record(["image_size": .integer(8)]))
    let title = pipeline.stage("sample")?.fields.first { $0.field.name == "title" }
    #expect(title?.axes == [0])
    #expect(title?.value { _ in 1 } == .text("$5 for 20 $"))
  }

  @Test func `mentioning a parameter that mentions an axis has the axis`() throws {
    let text = TestPipelines.small
      .replacing("  samples: 100", with: "  samples: 100\n  label: run $(steps)")
      .replacing("file: images.npz", with: "file: $label")
    let pipeline = try #require(TestPipelines.load(text).pipeline)
    #expect(pipeline.stage("images")?.axes == [0])
  }

  @Test func `anchors and aliases repeat a value`() throws {
    let text = TestPipelines.small
      .replacing("config: {image_size: 8}", with: "config: &c {image_size: 8}")
      .replacing("file: images.npz", with: "file: &f images.npz, sha256: null")
      .replacing("sampler: ddpm", with: "sampler: ddpm\n      title: *f")
    #expect(TestPipelines.load(text).diagnostics.map(\.rendered) == [])
  }

  @Test func `hints are read and the stage's come first`() throws {
    let text = TestPipelines.small
      .replacing("default: [table]", with: "run: {lanes: 2, memory: 2GiB}")
      .replacing("    uses: sample\n", with: "    uses: sample\n    run: {lanes: 1}\n")
    let pipeline = try #require(TestPipelines.load(text).pipeline)
    #expect(pipeline.stage("sample")?.hints == RunHints(lanes: 1, memory: 2 << 30))
    #expect(pipeline.stage("table")?.hints == RunHints(lanes: 2, memory: 2 << 30))
    #expect(pipeline.defaults.map(\.stage) == ["table"])
  }
}
