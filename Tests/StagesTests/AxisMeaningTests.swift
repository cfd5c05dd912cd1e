import Basics
import PipelineLanguage
import Planning
import Results
import StageSchema
import Stages
import Testing

/// What the axes of a pipeline fill, through every way in which a value reaches a field.
@Suite struct AxisMeaningTests {
  private func axes(_ params: String, _ with: String) throws -> [String: RecordedAxis] {
    let text = """
      plumb: 1
      name: axes
      params:
      \(params)
      stages:
        weights: {uses: load-weights, with: {file: none.pt, architecture: adm-unet, sha256: "\(String(repeating: "0", count: 64))", config: {image_size: 8}}}
        sample: {uses: sample, inputs: {network: weights}, with: {\(with)}}
      """
    let loaded = Pipeline.load(text: text, name: "axes.plumb.yaml", directory: "/", catalogue: StageTable.plumbline.descriptors)
    let pipeline = try #require(loaded.pipeline, "\(loaded.diagnostics.map(\.message))")
    return Dictionary(pipeline.recordedAxes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func fill(_ field: String, _ source: String, _ meaning: FieldMeaning, isWhole: Bool = true) -> RecordedAxis.Fill {
    RecordedAxis.Fill(stage: "sample", field: field, source: source, isWhole: isWhole, meaning: meaning)
  }

  @Test func aScalarReachesAFieldOfAMap() throws {
    let axes = try axes("  lam: {sweep: [1.0, 1.02]}", "steps: 5, samples: 4, epsilon_scaling: {b: $lam}")
    #expect(axes["lam"]?.fills == [fill("epsilon_scaling.b", "", .lambdaOffset)])
  }

  @Test func aMapFillsEveryLeafOfItsField() throws {
    let axes = try axes("  scaling: {sweep: [{k: 0, b: 1}, {k: 0.1, b: 1}]}", "steps: 5, samples: 4, epsilon_scaling: $scaling")
    #expect(axes["scaling"]?.fills == [fill("epsilon_scaling.k", "k", .lambdaSlope), fill("epsilon_scaling.b", "b", .lambdaOffset)])
    #expect(axes["scaling"]?.isReplicate == false)
  }

  @Test func fieldsOfOneAxisAreToldApart() throws {
    let axes = try axes(
      "  point: {sweep: [{lambda: {b: 1}, draw: 1, n: 5}, {lambda: {b: 2}, draw: 2, n: 6}]}\n  scale: $point.lambda\n  seed: {sweep: [0, 1]}",
      "steps: $point.n, samples: 4, epsilon_scaling: {b: $scale.b}, seed: $seed, first: $point.draw")
    #expect(
      axes["point"]?.fills == [
        fill("steps", "n", .setting), fill("epsilon_scaling.b", "lambda.b", .lambdaOffset), fill("first", "draw", .replicate),
      ])
    #expect(axes["point"]?.isReplicate == false)
    #expect(axes["seed"]?.fills == [fill("seed", "", .replicate)])
    #expect(axes["seed"]?.isReplicate == true)
  }

  @Test func aTextMadeWithAnAxisIsNotItsValue() throws {
    let axes = try axes("  kind: {sweep: [ddp, ddi]}", "steps: 5, samples: 4, sampler: $(kind)m")
    #expect(axes["kind"]?.fills == [fill("sampler", "", .setting, isWhole: false)])
  }

  @Test func theRecordNamesTheFieldsThatMeanMore() throws {
    let loaded = Pipeline.load(
      text:
        "plumb: 1\nname: m\nstages:\n  s: {uses: sample, inputs: {network: w}, with: {steps: 2, samples: 2}}\n  w: {uses: load-weights, with: {file: a.pt}}\n",
      name: "m.plumb.yaml", directory: "/", catalogue: StageTable.plumbline.descriptors)
    let pipeline = try #require(loaded.pipeline, "\(loaded.diagnostics.map(\.message))")
    #expect(
      pipeline.recordedMeanings == [
        "s": ["seed": .replicate, "first": .replicate, "epsilon_scaling.k": .lambdaSlope, "epsilon_scaling.b": .lambdaOffset]
      ])
  }
}
