import Basics

/// A sampler over noise levels: a way along the ODE of Karras et al. 2022, with EDM's time steps, schedules and churn.
package protocol SigmaSampler: Sampler {
  /// The step over batches of at most `capacity` images of `elementCount` values.
  func makeStep(_ solver: SigmaSolver, elementCount: Int, capacity: Int) -> any SigmaStep
}

/// The step of a sampler over one batch, along dx/dt.
package protocol SigmaStep: AnyObject {
  /// Goes from `batch.raised`, whose denoised images are there, to `batch.next`; leaves the slope it started with in
  /// `batch.slopes` and the point of a second evaluation in `batch.trial`. Gives that evaluation, nil where there was none.
  func take(_ call: SigmaCall, in batch: SigmaBatch, predictor: inout some NoisePredictor) throws -> SigmaCorrection?
}

/// What a step is asked for.
package struct SigmaCall {
  let index: Int
  /// From this time to that one.
  let time: Double
  let end: Double
  /// Images of the batch.
  let count: Int
  let labels: [Int32]?
  /// What the predicted noise is divided by.
  let lambda: Double
}

/// The second evaluation of a step; valid until the next one.
package struct SigmaCorrection {
  let denoised: UnsafeMutableBufferPointer<Float>
  /// The noise it predicts, before any scaling.
  let noises: UnsafeMutableBufferPointer<Float>
}

extension SigmaSampler {
  package static var axis: NoiseLevels.Axis { .sigma }
  package static var arguments: [SamplerArgument] { SamplerArgument.edm + ownArguments }
  package static func meaning(_ arguments: SamplerArguments, for training: TrainedNoise) -> SamplerArguments { arguments }

  package static func solver(
    for training: TrainedNoise, steps: Int, scaling: EpsilonScaling, _ arguments: SamplerArguments
  ) throws -> any ReverseSolver {
    guard case .levels(let training) = training else { throw PlumbError("\(name) steps over noise levels", kind: .input, at: "sampler") }
    let (discretization, schedule) = (arguments.word(.discretization) ?? "edm", arguments.word(.schedule) ?? "linear")
    try refuse(.rho, of: arguments, unless: discretization == "edm", "the time steps edm")
    try refuse(.epsilonS, of: arguments, unless: discretization == "vp" || schedule == "vp", "the time steps or the schedule vp")
    for argument in [SamplerArgument.churnLeast, .churnLargest, .churnDeviation] {
      try refuse(argument, of: arguments, unless: arguments.isGiven(.churn), "S_churn")
    }
    let epsilon = arguments.number(.epsilonS) ?? 1e-3
    return try SigmaSolver(
      training.preconditioning, steps: steps, sampler: Self(arguments),
      discretization: SigmaDiscretization(
        named: discretization, rho: arguments.number(.rho) ?? 7, epsilon: epsilon, levels: training.iddpm),
      schedule: .named(schedule), stateScaling: .named(arguments.word(.scaling) ?? "none"), epsilon: epsilon,
      range: (arguments.number(.sigmaMin), arguments.number(.sigmaMax)),
      churn: Churn(
        amount: arguments.number(.churn) ?? 0, least: arguments.number(.churnLeast) ?? 0,
        largest: arguments.number(.churnLargest) ?? .infinity,
        deviation: arguments.number(.churnDeviation) ?? (training.perturbation == .gaussian ? 1 : 0)),
      scaling: scaling, perturbation: training.perturbation)
  }

  /// Throws where an argument is given that has no effect beside the others.
  private static func refuse(
    _ argument: SamplerArgument, of arguments: SamplerArguments, unless isUsed: Bool, _ what: String
  ) throws {
    guard !isUsed, let value = arguments[argument] else { return }
    throw PlumbError(
      "\(argument.name) has no effect here", kind: .input, at: argument.name, expected: "\(argument.name) only with \(what)",
      found: String(decoding: value.encoded(), as: UTF8.self))
  }
}

/// The arguments of EDM's samplers beside the number of steps, under the names of its command line.
extension SamplerArgument {
  static let edm = [
    sigmaMin, sigmaMax, rho, churn, churnLeast, churnLargest, churnDeviation, discretization, schedule, scaling, epsilonS,
  ]

  static let sigmaMin = edm("sigma_min", .number(1e-9...1e9), "Least noise level; 0.002 for edm steps when absent.")
  static let sigmaMax = edm("sigma_max", .number(1e-9...1e9), "Largest noise level; 80 for edm steps when absent.")
  static let rho = edm("rho", .number(0.01...1000), "Exponent of the edm time steps; 7 when absent.")
  static let churn = edm("S_churn", .number(0...1e6), "Stochasticity strength, over all steps; 0 when absent.")
  static let churnLeast = edm("S_min", .number(0...1e9), "Least noise level with stochasticity; 0 when absent.")
  static let churnLargest = edm("S_max", .number(0...1e9), "Largest noise level with stochasticity; no limit when absent.")
  static let churnDeviation = edm(
    "S_noise", .number(0...100),
    "Standard deviation of the noise of stochasticity; when absent 1, and 0 for PFGM++, as its script has it.")
  static let discretization = edm("discretization", .choice(["vp", "ve", "iddpm", "edm"]), "Time steps; edm when absent.")
  static let schedule = edm("schedule", .choice(["vp", "ve", "linear"]), "Noise level over time; linear when absent.")
  static let scaling = edm("scaling", .choice(["vp", "none"]), "Scale of the states over time; none when absent.")
  static let alpha = edm("alpha", .number(0.01...1), "Place of the second evaluation in a step; 1 when absent.")
  static let epsilonS = edm("epsilon_s", .number(1e-9...0.5), "Least time of the vp steps and schedule; 0.001 when absent.")

  /// The mapping of a pipeline in which they stand.
  package static let edmGroup = "edm"

  private static func edm(_ name: String, _ kind: Kind, _ doc: String) -> SamplerArgument {
    SamplerArgument(name, in: edmGroup, kind, isInEveryKey: true, doc: doc)
  }
}
