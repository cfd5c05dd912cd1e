import PipelineLanguage
import StageSchema
import Testing

@Suite struct OverrideTests {
  private func axes(_ overrides: String...) -> [String] {
    let loaded = TestPipelines.load(TestPipelines.small, overrides)
    guard let pipeline = loaded.pipeline else { return loaded.diagnostics.map(\.rendered) }
    return pipeline.axes.map { axis in axis.name + ": " + axis.values.map(\.name).joined(separator: " | ") }
  }

  private let scaling = "scaling: scaling.b=1,scaling.k=0 | scaling.b=1.02,scaling.k=0 | scaling.b=1,scaling.k=0.004"

  @Test func `one value is a value, several are an axis`() {
    #expect(axes("steps=5") == [scaling])
    #expect(axes("samples=1,2") == ["steps: steps=10 | steps=20", "samples: samples=1 | samples=2", scaling])
    #expect(axes("steps=[7]") == ["steps: steps=7", scaling])
    #expect(axes("steps=1:3:1") == ["steps: steps=1 | steps=2 | steps=3", scaling])
  }

  @Test func `a field of a parameter takes new values and the others stay`() {
    #expect(axes("steps=5", "scaling.k=0") == ["scaling: scaling.b=1 | scaling.b=1.02"])
    #expect(
      axes("steps=5", "scaling.b=1.0:1.01:0.01") == [
        "scaling: scaling.b=1,scaling.k=0 | scaling.b=1.01,scaling.k=0 | scaling.b=1,scaling.k=0.004 | scaling.b=1.01,scaling.k=0.004"
      ])
  }

  @Test func `a field of one stage becomes an axis of that stage`() throws {
    let pipeline = try #require(TestPipelines.load(TestPipelines.small, ["sample.with.seed=1,2", "sample.with.sampler=ddim"]).pipeline)
    #expect(pipeline.axes.map(\.name) == ["steps", "scaling", "sample.seed"])
    #expect(pipeline.stage("sample")?.axes == [0, 1, 2])
    #expect(pipeline.stage("sample")?.fields.first { $0.field.name == "sampler" }?.value { _ in 0 } == .text("ddim"))
  }

  @Test func `a parameter whose only use the command line replaced is not unused`() {
    #expect(axes("sample.with.steps=5") == ["steps: steps=10 | steps=20", scaling])
  }

  @Test func `a path on the command line is relative to the working directory`() throws {
    let loaded = Pipeline.load(
      text: TestPipelines.small, name: "p", directory: "/data", catalogue: TestCatalogue.all,
      overlays: Pipeline.Overlays(flags: ["images.with.file=my.npz"], workingDirectory: "/home/me"))
    let images = try #require(loaded.pipeline?.stage("images"))
    #expect(images.fields.first { $0.field.name == "file" }?.value { _ in nil } == .text("/home/me/my.npz"))
  }

  @Test(
    arguments: [
      ("stepz=5", "P081 1:7 steps"), ("steps", "P080 1:7 -"), ("steps=", "P080 1:13 -"), ("steps=1,,2", "P080 1:15 -"),
      ("steps=ten", "P072 1:13 -"), ("samples=5,0", "P073 1:17 -"), ("samples.x=5", "P081 1:7 -"),
      ("sample.with.stepz=5", "P070 1:19 steps"), ("sample.steps=5", "P081 1:7 sample.with.steps"), ("scaling.c=1", "P070 1:15 -"),
      ("steps=1,1.0", "P041 1:15 -"), ("steps=[]", "P040 1:13 -"), ("steps=[1", "P005 1:13 -"),
      ("smaple.with.steps=5", "P081 1:7 sample.with.steps"),
      ("scalig.b=1", "P081 1:7 scaling.b"),
    ])
  func `a wrong flag is reported at the flag`(_ flag: String, _ expected: String) {
    let loaded = TestPipelines.load(TestPipelines.small, [flag])
    let first = loaded.diagnostics.filter { $0.range.source.kind == .commandLine }.first
    let found = first.map { "\($0.code) \($0.range.start.line):\($0.range.start.column) \($0.suggestion ?? "-")" }
    #expect(found == expected, "\(loaded.diagnostics.rendered(as: .text))")
    #expect(loaded.pipeline == nil)
  }

  @Test func `the same flag twice is an error`() {
    let loaded = TestPipelines.load(TestPipelines.small, ["steps=1", "steps=2"])
    #expect(loaded.diagnostics.map(\.code) == [.repeatedOverride])
  }
}
