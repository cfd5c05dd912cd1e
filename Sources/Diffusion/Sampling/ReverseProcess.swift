import Basics

/// A sampler over the timesteps of a process: everything that decides what one reverse step does, apart from network, images
/// and noise.
package struct ReverseProcess: ReverseSolver {
  package let process: DiffusionProcess
  package let variance: ModelVariance
  package let prediction: Prediction
  package let sampler: any TimestepSampler
  package let scaling: EpsilonScaling
  /// Whether the prediction of x_0 is clipped to [-1, 1] (for pixels, not for latents).
  package let clipDenoised: Bool

  /// Throws a `PlumbError` of kind `input` when the scaling is not positive at every step, an argument of the sampler is out of
  /// range, or something is to be clipped that the sampler does not clip.
  package init(
    process: DiffusionProcess, variance: ModelVariance, prediction: Prediction = .noise, sampler: any TimestepSampler = Ancestral(),
    scaling: EpsilonScaling = .none, clipDenoised: Bool = true
  ) throws {
    try scaling.check(count: process.count)
    try sampler.check()
    guard type(of: sampler).clips || !clipDenoised else {
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

  package var levels: NoiseLevels { process.levels }

  package func makeBatch(elementCount: Int, capacity: Int) throws -> any BatchSolver {
    try TimestepBatch(reverse: self, elementCount: elementCount, capacity: capacity)
  }

  package var hasCorrections: Bool { sampler.hasCorrections }
  package var stepPrecision: TorchDraws.Precision { .float32 }
  package var isGuidable: Bool { type(of: sampler).isGuidable }
  package func evaluations(from index: Int) -> Int { sampler.evaluations(from: index) }

  /// Values the network gives per value of an image.
  package var outputFactor: Int { variance.isLearned ? 2 : 1 }
}
