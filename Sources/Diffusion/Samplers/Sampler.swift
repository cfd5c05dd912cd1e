import Basics

/// A sampler: a way from noise to images that a pipeline can name.
///
/// A value of a conforming type is a configured sampler. The static part is what is declared of it; the choice `sampler` of a
/// pipeline, the parameters that go with it, its help page, keys, costs and checks all derive from that. A sampler is one file
/// in this folder, which conforms to `TimestepSampler` or to `SigmaSampler`, and its line in `Samplers.all`.
package protocol Sampler: Sendable {
  /// The name in pipelines, for ever.
  static var name: String { get }
  /// The integer to bump when the sampler's numbers change: part of every key.
  static var version: Int { get }
  /// One line for people.
  static var doc: String { get }
  /// What names the levels it steps over, and so which networks it serves.
  static var axis: NoiseLevels.Axis { get }
  /// What it takes beside the number of steps and Epsilon Scaling. What is not listed here is refused.
  static var arguments: [SamplerArgument] { get }
  /// Those of them that not all samplers over its levels take.
  static var ownArguments: [SamplerArgument] { get }
  /// Whether its steps follow a classifier's gradient.
  static var isGuidable: Bool { get }

  init(_ arguments: SamplerArguments)

  /// Throws a `PlumbError` of kind `input` for arguments out of range.
  func check() throws
  /// Whether steps evaluate the network a second time: at the level they arrive at, or before it.
  var hasCorrections: Bool { get }
  /// Evaluations of the network, per image, of a chain that starts at `index`.
  func evaluations(from index: Int) -> Int

  /// The solver for a network's training. Throws a `PlumbError` of kind `input` whose place is the argument at fault, "steps",
  /// "epsilon_scaling", or a field of the network's noise process.
  static func solver(
    for training: TrainedNoise, steps: Int, scaling: EpsilonScaling, _ arguments: SamplerArguments
  ) throws -> any ReverseSolver

  /// What arguments come to that may be left out: keys hold these in their place.
  static func meaning(_ arguments: SamplerArguments, for training: TrainedNoise) -> SamplerArguments
}

extension Sampler {
  package static var ownArguments: [SamplerArgument] { [] }
  package static var isGuidable: Bool { false }
  package func check() throws {}
  package var hasCorrections: Bool { false }
  package func evaluations(from index: Int) -> Int { index + 1 }
}

/// What a network was trained on, as far as a sampler needs it.
package enum TrainedNoise: Sendable, Hashable {
  case timesteps(TimestepTraining)
  case levels(LevelTraining)

  package var axis: NoiseLevels.Axis {
    switch self {
    case .timesteps: .timestep
    case .levels: .sigma
    }
  }
}

/// Training over the timesteps of a chain of betas (ADM, DDIM, LDM, DiT).
package struct TimestepTraining: Sendable, Hashable {
  package let chain: TrainingChain
  /// Whether the network is told t · 1000 / T in place of t.
  package let rescaleTimesteps: Bool
  package let variance: ModelVariance
  package let prediction: Prediction
  /// Whether the network works on latents, which nothing bounds.
  package let areLatents: Bool
  /// The spacing that the network's authors take where none is asked for.
  package let usualSpacing: TimestepSpacing

  package init(
    chain: TrainingChain, rescaleTimesteps: Bool, variance: ModelVariance, prediction: Prediction, areLatents: Bool,
    usualSpacing: TimestepSpacing
  ) {
    self.chain = chain
    self.rescaleTimesteps = rescaleTimesteps
    self.variance = variance
    self.prediction = prediction
    self.areLatents = areLatents
    self.usualSpacing = usualSpacing
  }
}

/// Training over noise levels (EDM, PFGM++).
package struct LevelTraining: Sendable, Hashable {
  package let preconditioning: Preconditioning
  package let perturbation: Perturbation
  /// M, C_1 and C_2 of iDDPM's noise levels, for samplers that step along those.
  package let iddpm: IDDPMLevels

  package init(preconditioning: Preconditioning, perturbation: Perturbation, iddpm: IDDPMLevels) {
    self.preconditioning = preconditioning
    self.perturbation = perturbation
    self.iddpm = iddpm
  }
}
