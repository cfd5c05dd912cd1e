import Basics
package import Diffusion
import Networks
package import StageRuntime
package import StageSchema

/// Classifier-free guidance of a stage that runs chains.
package struct GuidanceParameters: Sendable {
  private let scale: Double
  private let givenNull: Int?

  package static let field = ParameterField(
    "guidance",
    .record([
      ParameterField("scale", .number(0...1000), default: .number(1), doc: "s in e_u + s (e_c - e_u); 1 is the plain conditional model."),
      ParameterField(
        "null_class", .integer(-1...1_000_000), optional: true,
        doc: "The label that stands for no class, where the network does not tell: 1000 for LDM's 1001 classes, -1 for EDM's networks."),
    ]), default: .record(["scale": .number(1), "null_class": .null]),
    doc: "Classifier-free guidance: a second evaluation without a class, for class-conditional networks.")

  package init(_ parameters: StageParameters) throws {
    let record = try parameters.record("guidance")
    scale = try record.number("scale")
    givenNull = record.optionalInteger("null_class")
  }

  /// Evaluations where a plain chain makes one.
  var evaluations: Int { scale == 1 ? 1 : 2 }

  /// Throws unless the network can be guided as asked.
  package func check(_ facts: NetworkFacts) throws {
    guard scale != 1 else { return }
    guard facts.network.classCount != nil else {
      throw StageIssue(.parameter(["guidance"]), "the network has no classes to be guided to", expected: "scale: 1", found: "\(scale)")
    }
    guard nullClass(facts) != nil else {
      throw StageIssue(
        .parameter(["guidance"]), "the network does not tell which label stands for no class", expected: "null_class", found: "nothing")
    }
  }

  /// Classes that samples are given: all but the one that stands for none.
  func classes(_ facts: NetworkFacts) -> Int? {
    guard let count = facts.network.classCount else { return nil }
    return nullClass(facts) == count - 1 && count > 1 ? count - 1 : count
  }

  /// The predictor of chains, guided where that was asked for.
  package func guided(_ predictor: some NoisePredictor, _ facts: NetworkFacts) -> any NoisePredictor {
    guard scale != 1, let null = nullClass(facts) else { return predictor }
    let image = facts.network.image
    return ClassifierFreeGuidance(
      predictor, scale: Float(scale), nullLabel: Int32(clamping: null),
      guidedCount: facts.network.guidedChannels * image.height * image.width)
  }

  private func nullClass(_ facts: NetworkFacts) -> Int? { givenNull ?? facts.network.nullClass }
}
