import Basics

/// A sampler over the timesteps of a discrete process.
package protocol TimestepSampler: Sampler {
  /// Whether it clips the prediction of x_0 where asked to, as the originals do for pictures.
  static var clips: Bool { get }
  /// The step over batches of at most `capacity` images of `elementCount` values, with what it has to remember.
  func makeStep(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) -> any TimestepStep
}

/// The step of a sampler over one batch, from index i to i - 1.
package protocol TimestepStep: AnyObject {
  /// A new chain begins: what is remembered of the last one goes.
  func begin()

  /// Evaluates the network at an index: leaves x_0 in `batch.predictedStart` and, unless `call.steps` is false, the state below
  /// in `batch.previous`.
  func take(
    _ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor, noise: any NoiseSource
  ) throws -> StepNoises
}

/// What a step is asked for.
package struct TimestepCall {
  let index: Int
  /// Absolute indices.
  let samples: Range<Int>
  let labels: [Int32]?
  /// Whether the step is made, and not only the evaluation.
  let steps: Bool
}

/// The noise the network predicted, before any scaling; valid until the next step.
package struct StepNoises {
  let values: UnsafeMutableBufferPointer<Float>
  /// From one image to the next.
  let stride: Int
  /// Of the second evaluation, at the level below; nil where there was none.
  var corrections: UnsafeMutableBufferPointer<Float>?
}

extension TimestepSampler {
  package static var axis: NoiseLevels.Axis { .timestep }
  package static var arguments: [SamplerArgument] { ownArguments + [.spacing] + (clips ? [.clipDenoised] : []) }

  package static func solver(
    for training: TrainedNoise, steps: Int, scaling: EpsilonScaling, _ arguments: SamplerArguments
  ) throws -> any ReverseSolver {
    guard case .timesteps(let training) = training else { throw PlumbError("\(name) steps over timesteps", kind: .input, at: "sampler") }
    let process = try DiffusionProcess(
      training.chain, respacing: spacing(arguments, training).respacing(steps), rescaleTimesteps: training.rescaleTimesteps)
    return try ReverseProcess(
      process: process, variance: training.variance, prediction: training.prediction, sampler: Self(arguments), scaling: scaling,
      clipDenoised: isClipped(arguments, training))
  }

  package static func meaning(_ arguments: SamplerArguments, for training: TrainedNoise) -> SamplerArguments {
    guard case .timesteps(let training) = training else { return arguments }
    var meaning = arguments
    for argument in ownArguments where !arguments.isGiven(argument) { meaning[argument] = argument.usual }
    meaning[.spacing] = .text(spacing(arguments, training).rawValue)
    meaning[.clipDenoised] = .bool(isClipped(arguments, training))
    return meaning
  }

  private static func spacing(_ arguments: SamplerArguments, _ training: TimestepTraining) -> TimestepSpacing {
    arguments.word(.spacing).flatMap(TimestepSpacing.init) ?? training.usualSpacing
  }

  private static func isClipped(_ arguments: SamplerArguments, _ training: TimestepTraining) -> Bool {
    arguments.flag(.clipDenoised) ?? (clips && !training.areLatents)
  }
}

extension SamplerArgument {
  static let spacing = SamplerArgument(
    "spacing", .choice(TimestepSpacing.allCases.map(\.rawValue)), isInEveryKey: true,
    doc: "Which timesteps are kept. even: from first to last (guided-diffusion \"20\"); ddim: an integer stride from 0 (\"ddim20\"); "
      + "ddim-uniform, ddim-quad: skips of ermongroup/ddim; ldm-uniform, ldm-quad: LDM's. When absent, the uniform one of the project whose network it is."
  )
  static let clipDenoised = SamplerArgument(
    "clip_denoised", .flag, isInEveryKey: true,
    doc: "Clip the prediction of x_0 to [-1, 1]. When absent, done for pictures, not for latents.")
}
