import Basics
import Diffusion
import Networks
import StageRuntime
import StageSchema

/// The arguments of EDM's samplers beside the number of steps, under the names of its command line.
///
/// As there, one of `discretization`, `schedule` and `scaling`, or Euler's steps, choose the ablation sampler: it leaves
/// Heun's second evaluation unscaled.
struct SigmaParameters: Sendable {
  private let given: [String: ParameterValue]

  static let field = ParameterField(
    "edm",
    .record([
      ParameterField("sigma_min", .number(1e-9...1e9), optional: true, doc: "Least noise level; 0.002 for edm steps when absent."),
      ParameterField("sigma_max", .number(1e-9...1e9), optional: true, doc: "Largest noise level; 80 for edm steps when absent."),
      ParameterField("rho", .number(0.01...1000), optional: true, doc: "Exponent of the edm time steps; 7 when absent."),
      ParameterField("S_churn", .number(0...1e6), optional: true, doc: "Stochasticity strength, over all steps; 0 when absent."),
      ParameterField("S_min", .number(0...1e9), optional: true, doc: "Least noise level with stochasticity; 0 when absent."),
      ParameterField("S_max", .number(0...1e9), optional: true, doc: "Largest noise level with stochasticity; no limit when absent."),
      ParameterField(
        "S_noise", .number(0...100), optional: true,
        doc: "Standard deviation of the noise of stochasticity; when absent 1, and 0 for PFGM++, as its script has it."),
      ParameterField("discretization", .choice(["vp", "ve", "iddpm", "edm"]), optional: true, doc: "Time steps; edm when absent."),
      ParameterField("schedule", .choice(["vp", "ve", "linear"]), optional: true, doc: "Noise level over time; linear when absent."),
      ParameterField("scaling", .choice(["vp", "none"]), optional: true, doc: "Scale of the states over time; none when absent."),
      ParameterField("alpha", .number(0.01...1), optional: true, doc: "Place of the second evaluation in a step; 1 when absent."),
      ParameterField("epsilon_s", .number(1e-9...0.5), optional: true, doc: "Least time of the vp steps and schedule; 0.001 when absent."),
    ]), optional: true, doc: "Arguments of EDM's samplers, for the samplers heun and euler.")

  init(_ parameters: StageParameters) throws {
    if case .record(let fields) = parameters.value("edm") { given = fields.filter { $0.value != .null } } else { given = [:] }
  }

  func solver(_ facts: NetworkFacts, _ name: SamplerName, steps: Int, scaling: EpsilonScaling) throws -> any ReverseSolver {
    let (preconditioning, perturbation) = (try facts.process.preconditioning(), facts.process.perturbation)
    let epsilon = number("epsilon_s") ?? 1e-3
    do {
      return try SigmaSolver(
        preconditioning, steps: steps, isHeun: name == .heun,
        discretization: SigmaDiscretization(
          named: word("discretization") ?? "edm", rho: number("rho") ?? 7, epsilon: epsilon,
          steps: facts.process.integer("M") ?? 1000, c1: facts.process.number("C_1") ?? 0.001,
          c2: facts.process.number("C_2") ?? 0.008),
        schedule: .named(word("schedule") ?? "linear"), stateScaling: .named(word("scaling") ?? "none"), alpha: number("alpha") ?? 1,
        epsilon: epsilon, range: (number("sigma_min"), number("sigma_max")), churn: churn(perturbation), scaling: scaling,
        scalesCorrections: name == .heun && !isAblation, perturbation: perturbation)
    } catch var error as PlumbError {
      error.kind = .input
      throw StageIssue(.parameter(Self.path(error.place)), error)
    }
  }

  /// Throws when arguments are given to a sampler over timesteps.
  func refuse(_ name: SamplerName) throws {
    guard let field = given.keys.min() else { return }
    throw StageIssue(
      .parameter(["edm", field]), "the sampler \(name.rawValue) goes over timesteps", expected: "no argument of EDM's samplers",
      found: given[field]?.label)
  }

  /// Whether an argument asks for `ablation_sampler`.
  private var isAblation: Bool { ["discretization", "schedule", "scaling", "alpha"].contains { given[$0] != nil } }

  private func churn(_ perturbation: Perturbation) -> Churn {
    Churn(
      amount: number("S_churn") ?? 0, least: number("S_min") ?? 0, largest: number("S_max") ?? .infinity,
      deviation: number("S_noise") ?? (perturbation == .gaussian ? 1 : 0))
  }

  private func number(_ name: String) -> Double? { given[name]?.number }
  private func word(_ name: String) -> String? { given[name]?.text }

  /// Where an error's place stands in a pipeline.
  private static func path(_ place: String?) -> [String] {
    switch place {
    case "steps", "epsilon_scaling": return place.map { [$0] } ?? []
    case let place?: return ["edm", place]
    case nil: return ["edm"]
    }
  }
}
