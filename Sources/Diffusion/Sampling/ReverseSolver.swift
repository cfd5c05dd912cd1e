import Basics

/// A sampler with everything decided but network, images and noise. Chains and measurements run on any of them.
public protocol ReverseSolver: Sendable {
  /// The levels its chains visit, noisiest last.
  var levels: NoiseLevels { get }
  /// What the predicted noise is divided by.
  var scaling: EpsilonScaling { get }
  /// Whether a step evaluates the network a second time, at the level it arrives at.
  var hasCorrections: Bool { get }
  /// Whether its steps follow a classifier's gradient.
  var isGuidable: Bool { get }
  /// The type its states have, in which scripts draw a step's noise.
  var stepPrecision: TorchDraws.Precision { get }
  /// Evaluations of the network, per image, of a chain that starts at `index`.
  func evaluations(from index: Int) -> Int
  /// Memory for batches of at most `capacity` images of `elementCount` values. Throws when that is empty or too large.
  func makeBatch(elementCount: Int, capacity: Int) throws -> any BatchSolver
}

extension ReverseSolver {
  /// Throws unless `index` is one of its levels.
  func check(index: Int) throws {
    guard index >= 0, index < levels.count else {
      throw PlumbError("no such step", kind: .input, expected: "an index from 0 to \(levels.count - 1)", found: "\(index)")
    }
  }
}

/// One batch of images and the solver's step over it. Its memory is made once; it belongs to one thread.
public protocol BatchSolver: AnyObject {
  var elementCount: Int { get }
  var capacity: Int { get }

  /// Fills the states of `samples` (absolute indices) from the prior at the noisiest level.
  func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws

  /// Copies x_0 of the samples and noises it to `index`, with the draw of `purpose` and `step`.
  func start(
    _ samples: Range<Int>, from images: any StartImages, at index: Int, noise: any NoiseSource, purpose: NoisePurpose, step: Int) throws

  /// Evaluates the network at `index` and, unless `steps` is false, makes the step below it. `hasStart` says that x_0 of
  /// these samples is known.
  func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView

  /// Makes the result of the step the state of the next.
  func advance()

  /// The first `count` states in float32, [count, C, H, W]; valid until the next call.
  func images(_ count: Int) -> UnsafeBufferPointer<Float>
}
