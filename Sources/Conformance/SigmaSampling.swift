import Basics
import Diffusion
import StageSchema

/// `edm_sampler` or `ablation_sampler` with the arguments of a case; what a case leaves out has the reference's default.
struct SigmaSampling {
  let solver: SigmaSolver
  let isAblation: Bool

  init(_ preconditioning: Preconditioning, function: String, arguments: FieldReader) throws {
    isAblation = function == "ablation_sampler"
    guard isAblation || function == "edm_sampler" else {
      throw PlumbError(
        "unknown sampler", kind: .input, at: "config.sampler", expected: "edm_sampler or ablation_sampler", found: function)
    }
    func given(_ name: String) throws -> Double? { arguments.has(name) ? try arguments.infiniteNumber(name) : nil }
    func word(_ name: String, _ fallback: String) throws -> String { arguments.has(name) ? try arguments.text(name) : fallback }
    let steps = arguments.has("num_steps") ? try arguments.integer("num_steps") : 18
    let rho = try given("rho") ?? 7
    let churn = Churn(
      amount: try given("S_churn") ?? 0, least: try given("S_min") ?? 0, largest: try given("S_max") ?? .infinity,
      deviation: try given("S_noise") ?? 1)
    let scaling = EpsilonScaling(b: try given("eps_scaler") ?? 1)
    let range = (least: try given("sigma_min"), largest: try given("sigma_max"))
    guard isAblation else {
      solver = try SigmaSolver(
        preconditioning, steps: steps, discretization: .edm(rho: rho), range: range, churn: churn, scaling: scaling)
      return
    }
    let epsilon = try given("epsilon_s") ?? 1e-3
    solver = try SigmaSolver(
      preconditioning, steps: steps,
      sampler: word("solver", "heun") == "heun" ? Heun(alpha: given("alpha") ?? 1, scalesCorrections: false) : Euler(),
      discretization: SigmaDiscretization(
        named: word("discretization", "edm"), rho: rho, epsilon: epsilon,
        levels: IDDPMLevels(
          steps: Int(given("M") ?? 1000), c1: given("C_1") ?? 0.001, c2: given("C_2") ?? 0.008)),
      schedule: SigmaSchedule.named(word("schedule", "linear")),
      stateScaling: SigmaScaling.named(word("scaling", "none")), epsilon: epsilon, range: range, churn: churn,
      scaling: scaling)
  }
}

/// Runs a `SigmaSolver` over given states and keeps every step.
struct SigmaRecord {
  let start: [Double]
  /// In the order they were made.
  private(set) var steps: [SigmaDetail] = []
  private(set) var final: [Double] = []

  /// `prior` fills the states of a batch. Draws are those of `noise`.
  init(
    _ solver: SigmaSolver, elementCount: Int, count: Int, labels: [Int32]?, predictor: some NoisePredictor, noise: any NoiseSource,
    prior: (SigmaBatch) throws -> Void
  ) throws {
    let batch = try SigmaBatch(solver: solver, elementCount: elementCount, capacity: count)
    try prior(batch)
    start = (0..<count).flatMap(batch.state)
    var (details, predictor): ([SigmaDetail], _) = ([], predictor)
    batch.detail = { details.append($0) }
    for index in (0..<solver.levels.count).reversed() {
      _ = try batch.take(
        index, samples: 0..<count, labels: labels, hasStart: false, steps: true, predictor: &predictor, noise: noise)
      batch.advance()
    }
    steps = details
    final = (0..<count).flatMap(batch.state)
  }
}

extension FieldReader {
  /// A number, or infinity where the case says "inf".
  func infiniteNumber(_ name: String) throws -> Double {
    switch value(name)?.text {
    case "inf": .infinity
    default: try number(name)
    }
  }
}
