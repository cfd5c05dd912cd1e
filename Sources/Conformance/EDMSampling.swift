import Basics
import Diffusion

/// `edm_sampler` or `ablation_sampler` with the arguments of a case, as a pipeline says them; what a case leaves out has the
/// reference's default.
struct EDMSampling {
  let solver: SigmaSolver
  let isAblation: Bool

  init(_ network: EDMCaseNetwork, function: String, arguments: FieldReader) throws {
    isAblation = function == "ablation_sampler"
    guard isAblation || function == "edm_sampler" else {
      throw PlumbError(
        "unknown sampler", kind: .input, at: "config.sampler", expected: "edm_sampler or ablation_sampler", found: function)
    }
    var edm: [String: JSONValue] = [:]
    let own = isAblation ? ["discretization", "schedule", "scaling", "alpha", "epsilon_s"] : []
    for name in ["sigma_min", "sigma_max", "rho", "S_churn", "S_min", "S_max", "S_noise"] + own {
      // An infinite limit is none.
      if let value = arguments.value(name), value != "inf" { edm[name] = value }
    }
    let solverName = isAblation && arguments.has("solver") ? try arguments.text("solver") : "heun"
    // One of its own arguments is what makes a pipeline take the ablation sampler.
    if isAblation, solverName == "heun" { edm["discretization"] = edm["discretization"] ?? "edm" }
    solver = try CaseCell(
      network.network, told: network.process,
      with: [
        "sampler": .text(solverName), "steps": arguments.value("num_steps") ?? 18,
        "epsilon_scaling": EpsilonScaling(b: arguments.has("eps_scaler") ? try arguments.number("eps_scaler") : 1).field,
        "edm": .object(edm),
      ]
    ).levels()
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
