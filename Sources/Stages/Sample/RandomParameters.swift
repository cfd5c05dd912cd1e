import Basics
import Diffusion
import StageRuntime
import StageSchema

/// Where the numbers of a sampling stage come from: our own counter-based stream, or what published scripts draw, in
/// their order, so that their samples can be made again.
struct RandomParameters: Sendable {
  private enum Generator: String, CaseIterable {
    case philox, torch
    case perSample = "torch-per-sample"
  }

  private let generator: Generator
  private let batchSize: Int
  private let drawsLabelsFirst: Bool

  static let field = ParameterField(
    "random",
    .record([
      ParameterField(
        "generator", .choice(Generator.allCases.map(\.rawValue)), default: .text(Generator.philox.rawValue),
        doc: "philox: a number depends on seed, sample and step only. torch: PyTorch's CPU generator after manual_seed(seed), as "
          + "guided-diffusion, DDIM, LDM and DiT draw, batch by batch. torch-per-sample: one such generator per image, seeded with "
          + "seed + index, as EDM draws."),
      ParameterField(
        "batch_size", .integer(1...1_000_000), optional: true, unit: "images",
        doc: "The batch size of the script, on which the draws of torch depend; the whole of the last batch is drawn."),
      ParameterField(
        "labels", .choice(["after-start", "before-start"]), default: .text("after-start"),
        doc: "When torch draws the classes of a batch: after its start noise (EDM, DiT) or before (guided-diffusion)."),
    ]),
    default: .record(["generator": .text("philox"), "batch_size": .null, "labels": .text("after-start")]),
    doc: "Where random numbers come from; other generators than philox serve to compare with published samples.")

  init(_ parameters: StageParameters) throws {
    let record = try parameters.record("random")
    generator = Generator(rawValue: try record.text("generator")) ?? .philox
    let size = record.optionalInteger("batch_size")
    drawsLabelsFirst = try record.text("labels") == "before-start"
    guard (size != nil) == (generator == .torch) else {
      throw StageIssue(
        .parameter(["random", "batch_size"]),
        generator == .torch ? "the draws of the generator torch depend on the batch size" : "only the generator torch draws batch by batch",
        expected: generator == .torch ? "the batch size of the script" : "no batch size", found: size.map(String.init) ?? "nothing")
    }
    batchSize = size ?? 1
  }

  /// Throws where a network's noise is drawn in a way that is built for the counter-based stream only.
  func check(_ facts: NetworkFacts) throws {
    guard generator != .philox, case .poissonFlow = facts.process.perturbation else { return }
    throw StageIssue(
      .parameter(["random", "generator"]), "PFGM++'s noise is drawn from the counter-based stream only", expected: "philox",
      found: generator.rawValue)
  }

  /// Throws where another generator than the default is asked for from which nothing is drawn: it would change the key and nothing else.
  func refuseGenerator() throws {
    guard generator != .philox else { return }
    throw StageIssue(
      .parameter(["random", "generator"]), "every random number was drawn elsewhere, so no generator draws any",
      expected: "no random beside the noise", found: generator.rawValue)
  }

  /// Fields that enter no key: with the default, results are what they were before there was a choice.
  var unkeyed: Set<String> { generator == .philox ? ["random"] : [] }

  /// The noise of a run of `steps` steps, and the classes of its samples; both from one stream where a script's is meant, whose
  /// place is expensive to find: to be made once for a cell.
  func streams(
    seed: UInt64, elementCount: Int, steps: Int, classCount: Int?, stepPrecision: TorchDraws.Precision = .float32, copiesPerStep: Int = 1
  ) throws -> RandomStreams {
    guard generator != .philox else {
      return RandomStreams(noise: PhiloxNoise(seed: seed), labels: classCount.map { .uniform(classes: $0, seed: seed) })
    }
    let noise = TorchNoise(
      try TorchDraws(
        generator == .torch ? .batches(of: batchSize) : .samples, seed: seed, elementCount: elementCount, steps: steps,
        classCount: classCount, drawsLabelsFirst: drawsLabelsFirst, stepPrecision: stepPrecision, copiesPerStep: copiesPerStep))
    return RandomStreams(noise: noise, labels: classCount.map { _ in .drawn(noise) })
  }
}

/// The random numbers of a cell's samples.
struct RandomStreams: Sendable {
  let noise: any NoiseSource
  let labels: ClassLabels?
}
