import ArtifactStore
import Basics
import Networks
import Results
import Scoring
import StageRuntime
import StageSchema

/// Scores generated images against real ones, by what was accumulated of both on the features of one network.
struct Score: WholeStage {
  static let descriptor = StageDescriptor(
    name: "score", version: 2, doc: "Fréchet distance and class score of generated images on a feature network.",
    inputs: [
      InputPort(
        "samples", [.statistics], through: statistics(of: .generated, in: .samples), doc: "The generated images, or their statistics."),
      InputPort(
        "reference", [.statistics], through: statistics(of: .reference, in: .dataset),
        doc: "The real images, all of which are taken, or their statistics."),
      InputPort(
        "features", [.features], required: false,
        doc: "The network whose features are compared; without one, the pixels averaged down to at most 8x8."),
    ],
    outputs: [OutputPort("scores", .scores, doc: "One number per metric.")],
    parameters: [MetricChoice.field(.identity)])

  private static func statistics(of side: ScoredSide, in type: PortType) -> ImpliedStage {
    ImpliedStage(
      FeatureStatistics.descriptor, of: [type], port: "images", with: ["of": .text(side.rawValue)],
      need: ImpliedStage.Need(field: "metrics", names: Set(Metrics.all.filter { !$0.kinds(of: side).isEmpty }.map(\.name))))
  }

  private let choice: MetricChoice

  init(parameters: StageParameters) throws { choice = try MetricChoice(parameters) }

  /// The port whose statistics stand for the reference: where no metric compares with one, nothing is made of it, and nothing of
  /// what stands in its place is looked at.
  private func referencePort(among ports: some Collection<String>) -> String {
    ports.contains("reference") || !choice.kinds(of: .reference).isEmpty ? "reference" : "samples"
  }

  func infer(_ inputs: FactInputs) throws -> StageInference {
    let referencePort = referencePort(among: inputs.items.keys)
    let (samples, reference) = (try Self.statistics(inputs, "samples"), try Self.statistics(inputs, referencePort))
    guard samples.source == reference.source else {
      if case .pixels(let one) = samples.source, case .pixels(let other) = reference.source {
        throw StageIssue(
          .input("reference"), "the images do not fit the samples", expected: one.label, found: other.label, reason: .wrongDimensions)
      }
      throw StageIssue(
        .input("reference"), "the statistics are of other features than those of the samples", expected: samples.source.label,
        found: reference.source.label)
    }
    for (port, side, found) in [("samples", ScoredSide.generated, samples), (referencePort, .reference, reference)] {
      let wanted = choice.kinds(of: side).map { $0.name }
      guard found.kinds.isSuperset(of: wanted) else {
        throw StageIssue(
          .input(port), "the statistics lack what the metrics ask of this side", expected: wanted.joined(separator: ", "),
          found: found.kinds.sorted().joined(separator: ", "))
      }
    }
    return StageInference(outputs: ["scores": ResultFacts()], versions: ["scoring": ScoringVersion.metrics])
  }

  func cost(_ inputs: FactInputs) throws -> StageCost {
    let layout = try Self.statistics(inputs, "samples").source.layout
    let kept = ScoredSide.allCases.flatMap { choice.kinds(of: $0) }.reduce(0) { $0 + 8 * $1.numberCount(layout) }
    // As bytes and as numbers; a distance of Gaussians works on some further matrices.
    return StageCost(outputBytes: 256, sharedBytes: 6 * kept)
  }

  func run(_ inputs: StageInputs, in context: StageContext) throws -> [String: Artifact] {
    let samples = try inputs.artifact("samples")
    let reference = try inputs.artifact(referencePort(among: inputs.items.keys))
    let features = try (StatisticsRecord(samples).features, StatisticsRecord(reference).features)
    guard features.0 == features.1 else {
      throw PlumbError("the statistics are of different features", kind: .input, expected: features.0, found: features.1)
    }
    let generated = try FeatureSummary(samples, choice.kinds(of: .generated), in: context)
    let real = try FeatureSummary(reference, choice.kinds(of: .reference), in: context)
    var scores: [String: Double] = [:]
    for metric in choice.metrics { scores[metric.resultName] = try metric.value(generated: generated, reference: real) }
    return ["scores": try context.store.put(Scores(samples: generated.count, metrics: scores), type: .scores)]
  }

  private static func statistics(_ inputs: FactInputs, _ port: String) throws -> StatisticsFacts {
    guard let facts = inputs.items[port]?.first as? StatisticsFacts else {
      throw StageIssue(.input(port), "input \(port) carries nothing usable", expected: PortType.statistics.rawValue)
    }
    return facts
  }
}
