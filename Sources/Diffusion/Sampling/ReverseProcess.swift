import Basics

/// How a sampler goes from index i to i - 1.
public enum Sampler: Sendable, Hashable {
  /// The ancestral step of Ho et al. 2020.
  case ancestral
  /// DDIM (Song et al. 2021, equation 12); eta 0 is deterministic, 1 is as noisy as ancestral sampling. guided-diffusion's:
  /// the direction to the next x is taken from the prediction of x_0, after clipping.
  case ddim(eta: Double)
  /// DDIM of ermongroup/ddim (`generalized_steps`) and of latent diffusion: the direction is the predicted noise itself, after
  /// scaling, and nothing is clipped.
  case generalized(eta: Double)
  /// Pseudo linear multistep (Liu et al. 2022, arXiv:2202.09778) as in latent diffusion: `generalized` without noise, over a
  /// combination of the last four predictions.
  case plms

  /// eta, of samplers that have it.
  public var eta: Double? {
    switch self {
    case .ddim(let eta), .generalized(let eta): eta
    case .ancestral, .plms: nil
    }
  }

  /// Whether the originals clip the prediction of x_0 where asked to.
  public var clips: Bool {
    switch self {
    case .ancestral, .ddim: true
    case .generalized, .plms: false
    }
  }
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

  /// Throws a `PlumbError` of kind `input` when the scaling is not positive at every step, eta leaves [0, ∞) or, for
  /// `generalized`, [0, 1], or something is to be clipped that the sampler does not clip.
  public init(
    process: DiffusionProcess, variance: ModelVariance, prediction: Prediction = .noise, sampler: Sampler = .ancestral,
    scaling: EpsilonScaling = .none, clipDenoised: Bool = true
  ) throws {
    try scaling.check(count: process.count)
    if let eta = sampler.eta, !(eta >= 0 && eta.isFinite) {
      throw PlumbError("eta of DDIM must be a number from 0", kind: .input, at: "eta", found: "\(eta)")
    }
    // Above 1 the variance left for the direction is negative.
    if case .generalized(let eta) = sampler, eta > 1 {
      throw PlumbError("out of range", kind: .input, at: "eta", expected: "0 to 1", found: "\(eta)")
    }
    guard sampler.clips || !clipDenoised else {
      throw PlumbError(
        "this sampler does not clip the prediction of x_0", kind: .input, at: "clip_denoised", expected: "false", found: "true")
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
    switch sampler {
    case .ancestral, .ddim: try ReverseStep(reverse: self, elementCount: elementCount, capacity: capacity)
    case .generalized, .plms: try GeneralizedStep(reverse: self, elementCount: elementCount, capacity: capacity)
    }
  }

  public var hasCorrections: Bool { sampler == .plms }

  /// The two that guided-diffusion guides: `condition_mean` and `condition_score`.
  public var isGuidable: Bool {
    switch sampler {
    case .ancestral, .ddim: true
    case .generalized, .plms: false
    }
  }

  /// The first step of a multistep chain evaluates twice.
  public func evaluations(from index: Int) -> Int { index + (sampler == .plms ? 2 : 1) }

  /// Values the network gives per value of an image.
  public var outputFactor: Int { variance.isLearned ? 2 : 1 }

  /// sigma, the standard deviation of the noise a DDIM step from `index` adds; 0 for samplers without eta.
  public func stepDeviation(_ index: Int) -> Double {
    GeneralizedCoefficients.deviation(
      eta: sampler.eta ?? 0, bar: Double(Float(process.alphasCumprod[index])), before: Double(Float(process.alphasCumprodPrev[index])))
  }
}
