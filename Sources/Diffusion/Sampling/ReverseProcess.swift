import Basics

/// How a sampler goes from index i to i - 1.
public enum Sampler: Sendable, Hashable {
  /// The ancestral step of Ho et al. 2020.
  case ancestral
  /// DDIM (Song et al. 2021, equation 12); eta 0 is deterministic, 1 is as noisy as ancestral sampling.
  case ddim(eta: Double)
}

/// Everything that decides what one reverse step does, apart from network, images and noise.
public struct ReverseProcess: ReverseSolver, Hashable {
  public let process: DiffusionProcess
  public let variance: ModelVariance
  public let prediction: Prediction
  public let sampler: Sampler
  public let scaling: EpsilonScaling
  /// Whether the prediction of x_0 is clipped to [-1, 1] (for pixels, not for latents).
  public let clipDenoised: Bool

  /// Throws a `PlumbError` of kind `input` when the scaling is not positive at every step or eta leaves [0, ∞).
  public init(
    process: DiffusionProcess, variance: ModelVariance, prediction: Prediction = .noise, sampler: Sampler = .ancestral,
    scaling: EpsilonScaling = .none, clipDenoised: Bool = true
  ) throws {
    try scaling.check(count: process.count)
    if case .ddim(let eta) = sampler, !(eta >= 0 && eta.isFinite) {
      throw PlumbError("eta of DDIM must be a number from 0", kind: .input, found: "\(eta)")
    }
    self.process = process
    self.variance = variance
    self.prediction = prediction
    self.sampler = sampler
    self.scaling = scaling
    self.clipDenoised = clipDenoised
  }

  public var levels: NoiseLevels { process.levels }

  public func makeBatch(elementCount: Int, capacity: Int) throws -> any BatchSolver {
    try ReverseStep(reverse: self, elementCount: elementCount, capacity: capacity)
  }

  /// Values the network gives per value of an image.
  public var outputFactor: Int { variance.isLearned ? 2 : 1 }
}
