import Basics
import Foundation
import PipelineLanguage
import StageSchema
import Testing

/// Files under `use`: their stages under a name, their parameters bound, and everything that can be wrong with them.
@Suite struct ImportTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "plumb-imports-\(UUID().uuidString)/main"
    try FileManager.default.createDirectory(atPath: folder + "/shared", withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
  }

  private func load(_ text: String, flags: [String] = [], parameterFiles: [String] = [], fetch: FileSource.Fetch? = nil) throws
    -> Pipeline.Loaded
  {
    try write("main.plumb.yaml", text)
    let overlays = Pipeline.Overlays(parameterFiles: parameterFiles, flags: flags, workingDirectory: folder)
    return Pipeline.load(
      path: "main.plumb.yaml", catalogue: TestCatalogue.all, overlays: overlays, files: FileSource(fetch: fetch))
  }

  private func value(_ stage: String, _ field: String, in loaded: Pipeline.Loaded, _ position: Int = 0) throws -> ParameterValue {
    let stage = try #require(loaded.pipeline?.stage(stage), "\(loaded.diagnostics.rendered(as: .text))")
    return try #require(stage.fields.first { $0.field.name == field }).value { _ in position }
  }

  /// A library: a network, its pictures, and statistics over several numbers of steps.
  private static let library = """
    plumb: 1
    name: cifar
    params:
      root: weights/
      steps: 10
    stages:
      weights: {uses: load-weights, with: {file: $(root)net.pt, architecture: adm-unet, config: {image_size: 8}, process: {noise_schedule: cosine, variance: learned-range}}}
      images: {uses: load-dataset, with: {file: images.npz}}
      train: {uses: train-stats, inputs: {network: weights, dataset: images}, with: {steps: $steps, samples: 100}}
    """

  private static let main = """
    plumb: 1
    name: main
    use:
      cifar: {file: shared/cifar.plumb.yaml, params: {root: $data, steps: $steps}}
    params:
      data: mine/
      steps: {sweep: [10, 20]}
    stages:
      sample: {uses: sample, inputs: {network: cifar.weights}, with: {sampler: ddpm, steps: $steps, samples: 100}}
      score: {uses: score, inputs: {samples: sample, reference: cifar.images}, with: {metrics: [fd]}}
      table: {uses: table, gather: [steps], inputs: {score: score, norms: "cifar.train.statistics"}}
    """

  @Test func `stages of an import stand under its name, its parameters are bound, its axes flow`() throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    let loaded = try load(Self.main.replacing("cifar.train.statistics", with: "cifar.train"))
    #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics.rendered(as: .text))")
    let pipeline = try #require(loaded.pipeline)
    #expect(Set(pipeline.stages.map(\.name)) == ["cifar.weights", "cifar.images", "cifar.train", "sample", "score", "table"])
    #expect(pipeline.axes.map(\.name) == ["steps"])
    #expect(try #require(pipeline.stage("cifar.train")).axes == [0], "the binding mentions the axis")
    #expect(try #require(pipeline.stage("table")).axes == [], "steps is gathered from both inputs")
    #expect(pipeline.defaults.map(\.stage) == ["table"])
  }

  @Test func `a path is relative to the file its literal stands in`() throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    let loaded = try load(Self.main.replacing("cifar.train.statistics", with: "cifar.train"))
    #expect(try value("cifar.weights", "file", in: loaded) == .text(folder + "/mine/net.pt"))
    #expect(try value("cifar.images", "file", in: loaded) == .text(folder + "/shared/images.npz"))
    let unbound = try load(
      Self.main.replacing("cifar.train.statistics", with: "cifar.train").replacing("root: $data, ", with: "")
        .replacing("  data: mine/\n", with: ""))
    #expect(try value("cifar.weights", "file", in: unbound) == .text(folder + "/shared/weights/net.pt"))
  }

  @Test func `a gather in an import folds the axis its parameter is bound to`() throws {
    try write(
      "shared/cifar.plumb.yaml", Self.library + "\n  table: {uses: table, gather: [steps], inputs: {norms: train}}\ndefault: [table]")
    let loaded = try load(
      """
      plumb: 1
      name: main
      use: {cifar: {file: shared/cifar.plumb.yaml, params: {steps: {sweep: [1, 2, 3]}}}}
      """)
    let pipeline = try #require(loaded.pipeline, "\(loaded.diagnostics.rendered(as: .text))")
    #expect(pipeline.axes.map(\.name) == ["cifar.steps"])
    #expect(pipeline.stage("cifar.table")?.gather == [0])
    #expect(pipeline.defaults.map(\.stage) == ["cifar.table"], "a file of imports only asks for what they ask for")
  }

  @Test func `imports may import, and one file may come in twice`() throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    try write(
      "shared/both.plumb.yaml",
      """
      plumb: 1
      name: both
      use:
        a: {file: cifar.plumb.yaml, params: {steps: $n}}
        b: {file: cifar.plumb.yaml, params: {steps: 7}}
      params: {n: 5}
      stages:
        one: {uses: table, inputs: {norms: a.train, other: b.train}}
      """)
    let loaded = try load(
      """
      plumb: 1
      name: main
      use: {x: {file: shared/both.plumb.yaml, params: {n: 6}}}
      stages:
        all: {uses: table, inputs: {norms: x.a.train, other: x.b.train.norms}}
      """)
    #expect(try value("x.a.train", "steps", in: loaded) == .integer(6))
    #expect(try value("x.b.train", "steps", in: loaded) == .integer(7))
    #expect(loaded.pipeline?.defaults.map(\.stage) == ["all"])
    #expect(loaded.pipeline?.imports.map(\.alias) == ["x", "x.a", "x.b"])
    let set = try load(
      try String(contentsOfFile: folder + "/main.plumb.yaml", encoding: .utf8),
      flags: ["x.a.steps=3", "x.b.train.with.samples=9"])
    #expect(try value("x.a.train", "steps", in: set) == .integer(3))
    #expect(try value("x.b.train", "samples", in: set) == .integer(9))
  }

  @Test func `parameter files are laid over the file, later ones and flags over them`() throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    try write("quick.yaml", "steps: {sweep: [2, 3]}\ndata: quick/\nsample.with.samples: 5\n")
    try write("other.yaml", "plumb: 1\nparams:\n  data: other/\n")
    let text = Self.main.replacing("cifar.train.statistics", with: "cifar.train")
    let quick = try load(text, parameterFiles: ["quick.yaml"])
    #expect(try value("sample", "samples", in: quick) == .integer(5))
    #expect(quick.pipeline?.axes.first?.values.map(\.name) == ["steps=2", "steps=3"])
    #expect(try value("cifar.weights", "file", in: quick) == .text(folder + "/quick/net.pt"))
    let both = try load(text, flags: ["steps=[4]"], parameterFiles: ["quick.yaml", "other.yaml"])
    #expect(try value("cifar.weights", "file", in: both) == .text(folder + "/other/net.pt"))
    #expect(try value("sample", "steps", in: both) == .integer(4))
    #expect(both.pipeline?.overlays.map(\.name) == ["quick.yaml", "other.yaml"])
    try write("wrong.yaml", "step: 2\nsamples: 4\n")
    let wrong = try load(text, parameterFiles: ["wrong.yaml"])
    #expect(
      wrong.diagnostics.map { "\($0.code) \($0.range.place) \($0.suggestion ?? "-")" } == [
        "P081 wrong.yaml:1:1 steps", "P081 wrong.yaml:2:1 -",
      ])
  }

  @Test func `an import by address needs its digest and is read once it is right`() throws {
    let bytes = Array(Self.library.utf8)
    let digest = Digest(of: bytes)
    let text = Self.main.replacing("cifar.train.statistics", with: "cifar.train")
      .replacing("file: shared/cifar.plumb.yaml", with: "url: \"https://example.org/c.yaml\", sha256: \(digest.hex)")
    let loaded = try load(text) { url, sha256 in
      #expect(url == "https://example.org/c.yaml" && sha256 == digest)
      return bytes
    }
    #expect(try value("cifar.images", "file", in: loaded) == .text(folder + "/images.npz"))
    let bare = try load(text.replacing(", sha256: \(digest.hex)", with: ""))
    #expect(bare.diagnostics.map { "\($0.code) \($0.range.start.line):\($0.range.start.column)" } == ["P026 4:16"])
  }

  @Test(arguments: [
    ("file: shared/cifar.plumb.yml", "P001 main.plumb.yaml:4:17 shared/cifar.plumb.yaml"),
    ("file: ../outside.plumb.yaml", "P025 main.plumb.yaml:4:17 -"), ("file: /etc/passwd", "P025 main.plumb.yaml:4:17 -"),
    ("file: main.plumb.yaml", "P024 main.plumb.yaml:4:17 -"), ("files: shared/cifar.plumb.yaml", "P014 main.plumb.yaml:4:11 file"),
    ("file: shared/loop.plumb.yaml", "P024 shared/other.plumb.yaml:3:17 -"), ("{}", "P017 main.plumb.yaml:4:3 -"),
    ("file: shared/cifar.plumb.yaml, params: {rot: 1}", "P027 main.plumb.yaml:4:51 root"),
    ("file: shared/cifar.plumb.yaml, sha256: abc", "P026 main.plumb.yaml:4:50 -"),
  ]) func `what is wrong with an import is told where it stands`(entry: String, expected: String) throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    try write("shared/loop.plumb.yaml", "plumb: 1\nname: loop\nuse: {a: {file: other.plumb.yaml}}\n")
    try write("shared/other.plumb.yaml", "plumb: 1\nname: other\nuse: {a: {file: loop.plumb.yaml}}\n")
    let body = entry == "{}" ? entry : "{\(entry)}"
    let loaded = try load(
      "plumb: 1\nname: main\nuse:\n  cifar: \(body)\nstages:\n  all: {uses: table, inputs: {norms: cifar.train}}\n")
    let found = loaded.diagnostics.map { "\($0.code) \($0.range.place) \($0.suggestion ?? "-")" }
    #expect(found == [expected], "\(loaded.diagnostics.rendered(as: .text))")
    #expect(loaded.pipeline == nil)
  }

  @Test func `a mistake in an imported file is told there, in its own names, with the way it came in`() throws {
    try write("shared/cifar.plumb.yaml", Self.library.replacing("$steps", with: "$stpes"))
    let loaded = try load(Self.main.replacing("cifar.train.statistics", with: "cifar.trian"))
    let found = loaded.diagnostics.map { "\($0.code) \($0.range.place) \($0.message) \($0.suggestion ?? "-")" }
    #expect(
      found == [
        "P030 shared/cifar.plumb.yaml:9:89 no parameter is called 'stpes' steps",
        "P051 main.plumb.yaml:11:72 no stage is called 'cifar.trian' cifar.train",
      ], "\(loaded.diagnostics.rendered(as: .text))")
    #expect(
      loaded.diagnostics.first?.related.map { "\($0.range.place) \($0.message)" } == [
        "shared/cifar.plumb.yaml:5:3 'steps' is declared here", "main.plumb.yaml:4:3 imported here",
      ])
  }

  @Test func `an import, a stage and a parameter have three names`() throws {
    try write("shared/cifar.plumb.yaml", Self.library)
    let loaded = try load(Self.main.replacing("cifar.train.statistics", with: "cifar.train").replacing("  sample:", with: "  cifar:"))
    #expect(loaded.diagnostics.contains { $0.code.number == 22 && $0.range.start.line == 4 }, "\(loaded.diagnostics.rendered(as: .text))")
  }
}
