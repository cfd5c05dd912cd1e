import PipelineLanguage
import StageSchema
import Testing

/// A port that takes what another stage makes of things has that stage put in before it, as if it had been written out.
@Suite struct ImpliedStageTests {
  private static let kept = ParameterField(
    "keep", .list(of: .choice(["mean", "spread"]), count: 1...2), default: .list([.text("mean")]), doc: "")

  private static let summary = StageDescriptor(
    name: "summary", version: 1, doc: "",
    inputs: [
      InputPort("images", [.samples, .dataset], doc: ""), InputPort("features", [.features], required: false, doc: ""),
    ], outputs: [OutputPort("statistics", .statistics, doc: "")],
    parameters: [kept, ParameterField("of", .choice(["real", "made"]), default: .text("real"), doc: "")])

  private static let judge = StageDescriptor(
    name: "judge", version: 1, doc: "",
    inputs: [
      InputPort(
        "samples", [.statistics], through: ImpliedStage(summary, of: [.samples], port: "images", with: ["of": .text("made")]), doc: ""),
      InputPort(
        "reference", [.statistics],
        through: ImpliedStage(summary, of: [.dataset], port: "images", need: ImpliedStage.Need(field: "keep", names: ["mean"])), doc: ""),
      InputPort("features", [.features], required: false, doc: ""),
    ], outputs: [OutputPort("scores", .scores, doc: "")], parameters: [kept])

  private func load(_ stages: String, params: String = "b: {sweep: [1.0, 1.02]}") -> Pipeline.Loaded {
    let text = """
      plumb: 1
      name: implied
      params: {\(params)}
      stages:
        network: {uses: load-weights, with: {file: w.pt, architecture: adm-unet, config: {}, process: {noise_schedule: linear, variance: fixed-large}}}
        images: {uses: load-dataset, with: {file: images.npz}}
        features: {uses: load-features, with: {file: f.pt, architecture: digits-features}}
        sample: {uses: sample, inputs: {network: network}, with: {sampler: ddpm, steps: 4, samples: 8, epsilon_scaling: {b: $b}}}
      \(stages)
      """
    return Pipeline.load(text: text, name: "p.plumb.yaml", directory: "/", catalogue: TestCatalogue.all + [Self.summary, Self.judge])
  }

  private func pipeline(_ stages: String, params: String = "b: {sweep: [1.0, 1.02]}") throws -> Pipeline {
    let loaded = load(stages, params: params)
    return try #require(loaded.pipeline, "\(loaded.diagnostics.rendered(as: .text))")
  }

  private func axes(_ stage: PipelineStage?, in pipeline: Pipeline) -> [String]? { stage?.axes.map { pipeline.axes[$0].name } }

  @Test func `what is wired directly goes through the stage, whose axes are those of what it takes`() throws {
    let pipeline = try pipeline("  score: {uses: judge, inputs: {samples: sample, reference: images, features: features}}")
    let (score, made, real) = (pipeline.stage("score"), pipeline.stage("score.samples"), pipeline.stage("score.reference"))
    #expect(axes(score, in: pipeline) == ["b"])
    #expect(axes(made, in: pipeline) == ["b"])
    #expect(axes(real, in: pipeline) == [], "the reference is the same for the whole sweep")
    #expect(made?.fields.last?.value { _ in nil } == .text("made"))
    #expect(real?.fields.last?.value { _ in nil } == .text("real"))
    for stage in pipeline.stages {
      for input in stage.inputs {
        let source = pipeline.stages[input.source]
        #expect(
          source.descriptor.output(input.output.name)?.type == input.output.type, "\(stage.name).\(input.port) comes from \(source.name)")
      }
    }
    #expect(score?.inputs.map { pipeline.stages[$0.source].name } == ["score.samples", "score.reference", "features"])
    #expect(real?.inputs.map { pipeline.stages[$0.source].name } == ["images", "features"])
    #expect(pipeline.stages.filter(\.isImplied).map(\.name) == ["score.samples", "score.reference"])
    #expect(pipeline.defaults.map(\.stage) == ["score"])
  }

  @Test func `a swept field is handed on with its axis`() throws {
    let pipeline = try pipeline(
      "  score: {uses: judge, inputs: {samples: sample, reference: images}, with: {keep: $keep}}",
      params: "b: {sweep: [1.0, 1.02]}, keep: {sweep: [[mean], [mean, spread]]}")
    #expect(axes(pipeline.stage("score.samples"), in: pipeline) == ["b", "keep"])
    #expect(axes(pipeline.stage("score.reference"), in: pipeline) == ["keep"])
    #expect(axes(pipeline.stage("score"), in: pipeline) == ["b", "keep"])
  }

  @Test func `a stage is implied where a value of the field takes what it makes, and else the edge ends`() throws {
    func sources(_ keep: String) throws -> [String]? {
      let pipeline = try pipeline("  score: {uses: judge, inputs: {samples: sample, reference: images}, with: {keep: \(keep)}}")
      return pipeline.stage("score")?.inputs.map { pipeline.stages[$0.source].name }
    }
    #expect(try sources("[spread]") == ["score.samples"])
    #expect(try sources("[spread, mean]") == ["score.samples", "score.reference"])
    let swept = try pipeline(
      "  score: {uses: judge, inputs: {samples: sample, reference: images}, with: {keep: $keep}}",
      params: "b: 1.0, keep: {sweep: [[spread], [mean]]}")
    #expect(swept.stage("score.reference") != nil)
  }

  @Test func `picks and gathered axes are those of the edge`() throws {
    let pipeline = try pipeline(
      """
        one: {uses: judge, inputs: {samples: "sample[b=1.02]", reference: images}}
        all: {uses: judge, gather: [b], inputs: {samples: sample, reference: images}}
      """)
    #expect(axes(pipeline.stage("one.samples"), in: pipeline) == [])
    #expect(axes(pipeline.stage("one"), in: pipeline) == [])
    #expect(axes(pipeline.stage("all.samples"), in: pipeline) == ["b"])
    #expect(axes(pipeline.stage("all"), in: pipeline) == [])
    #expect(pipeline.stage("all")?.inputs.first?.gathered == [0])
  }

  @Test func `what is written out is taken as it is`() throws {
    let pipeline = try pipeline(
      """
        real: {uses: summary, inputs: {images: images}}
        score: {uses: judge, inputs: {samples: sample, reference: real}}
      """)
    #expect(pipeline.stage("score.reference") == nil)
    #expect(pipeline.stage("score")?.inputs.map { pipeline.stages[$0.source].name } == ["score.samples", "real"])
  }

  @Test func `what the port takes neither way is refused with both ways named`() {
    // The stage that is implied could take a dataset; before this port it stands for samples.
    let notes = load("  score: {uses: judge, inputs: {samples: images, reference: images}}").diagnostics
    #expect(notes.map(\.code) == [.wrongPortType])
    #expect(notes.first?.message.contains("takes samples or statistics") == true, "\(notes.rendered(as: .text))")
  }
}
