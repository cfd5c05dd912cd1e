import Basics
package import Diffusion
import Networks
import StageRuntime
package import StageSchema

/// Classifier guidance of a stage that runs chains (Dhariwal and Nichol 2021, section 4): an optional classifier, and how
/// strongly it steers.
package struct ClassifierParameters: Sendable {
  private static let name = "classifier"
  private let scale: Double

  static let port = InputPort(
    name, [.classifier], required: false, doc: "A classifier of noisy images that guides every step towards the samples' classes.")

  package static let field = ParameterField(
    "classifier_scale", .number(0...1000), default: .number(1),
    doc: "s in s grad log p(class | x), which moves the mean of a step of ddpm and the predicted noise of ddim; only with a classifier.")

  package init(_ parameters: StageParameters) throws { scale = try parameters.number("classifier_scale") }

  /// Throws unless the classifier, if there is one, has seen the pictures, noise and classes of the network.
  ///
  /// - Parameters:
  ///   - classes: that samples of the network are given; nil when it is not conditional.
  ///   - sampler: its name, for messages.
  func check(_ inputs: FactInputs, _ facts: NetworkFacts, classes: Int?, _ solver: any ReverseSolver, sampler: String) throws {
    guard let classifier = inputs.classifier(Self.name) else {
      guard scale == 1 else {
        throw StageIssue(
          .parameter(["classifier_scale"]), "there is no classifier to be scaled", expected: "an input \(Self.name)", found: "none")
      }
      return
    }
    func refuse(_ message: String, expected: String, found: String, _ reason: StageIssue.Reason = .wrongDimensions) -> StageIssue {
      StageIssue(.input(Self.name), message, expected: expected, found: found, reason: reason)
    }
    guard solver.isGuidable else {
      throw refuse(
        "the sampler takes no classifier guidance",
        expected: "a sampler that follows a classifier: " + Samplers.guidable.joined(separator: ", "), found: sampler, .refused)
    }
    guard classifier.network.image == facts.network.image else {
      throw refuse(
        "the classifier's images do not fit the network", expected: facts.network.image.label, found: classifier.network.image.label)
    }
    if let classes, classes != classifier.classes {
      throw refuse("the classifier's classes are not the network's", expected: "\(classes)", found: "\(classifier.classes)")
    }
    if let steps = facts.process.integer("diffusion_steps"), steps != classifier.steps {
      throw refuse("the classifier was trained on other timesteps", expected: "\(steps)", found: "\(classifier.steps)", .wrongConfiguration)
    }
    if let schedule = classifier.schedule, let expected = facts.process.text("noise_schedule"), schedule != expected {
      throw refuse("the classifier was trained on another noise schedule", expected: expected, found: schedule, .wrongConfiguration)
    }
  }

  /// The classes of samples where the network has none of its own.
  func classes(_ inputs: StageInputs) throws -> Int? {
    try isPresent(inputs) ? ClassifierFacts(inputs.artifact(Self.name)).classes : nil
  }

  func isPresent(_ inputs: StageInputs) -> Bool { inputs.items[Self.name] != nil }
  func isPresent(_ inputs: FactInputs) -> Bool { inputs.classifier(Self.name) != nil }

  /// Without a classifier its scale enters no key.
  func unkeyed(_ inputs: FactInputs) -> Set<String> { inputs.classifier(Self.name) == nil ? ["classifier_scale"] : [] }

  func versions(_ inputs: FactInputs) -> [String: Int] {
    inputs.classifier(Self.name).map { ["network \(type(of: $0.network).architecture)": type(of: $0.network).version] } ?? [:]
  }

  /// Adds what the classifier takes in a chain of so many evaluations, forward and backward.
  func add(to cost: inout StageCost, _ inputs: FactInputs, evaluations: Int) throws {
    guard let classifier = inputs.classifier(Self.name)?.network else { return }
    let own = try inputs.cost(of: classifier, .guidance, at: Self.name)
    cost.flopsBeside += evaluations * own.flopsPerEvaluation
    cost.networks.append(own.memory)
  }

  /// The predictor with the classifier beside it, if there is one.
  func steered(_ predictor: any NoisePredictor, _ inputs: StageInputs, in context: StageContext) throws -> any NoisePredictor {
    guard isPresent(inputs) else { return predictor }
    let resident = try context.lane(for: inputs.artifact(Self.name), .guidance)
    return steer(predictor, LaneClassifier(lane: resident.lane, batch: resident.batch))
  }

  /// A predictor with a classifier beside it.
  package func steer(_ predictor: some NoisePredictor, _ classifier: some GuidingClassifier) -> any NoisePredictor {
    ClassifierGuidance(predictor, classifier: classifier, scale: Float(scale))
  }
}
