/// What the authors of an architecture take for granted of the chain of timesteps it is trained on and sampled over, where
/// neither the checkpoint nor a pipeline says otherwise.
public struct ChainConventions: Sendable, Hashable {
  /// The variance of the reverse step where the network does not give one, under the words of pipelines.
  public enum Variance: String, Sendable, Hashable {
    /// beta, but for the last step.
    case fixedLarge = "fixed-large"
    /// That of the posterior, given x_0.
    case fixedSmall = "fixed-small"
  }

  /// Which of the training timesteps a sampler of fewer steps visits.
  public enum Spacing: Sendable, Hashable {
    /// From the first to the last in equal steps, rounded (guided-diffusion, DiT).
    case even
    /// From the first in whole strides (ermongroup/ddim, `uniform`).
    case ddimUniform
    /// The same, one step later (latent diffusion, `uniform`).
    case ldmUniform
  }

  public let variance: Variance
  public let spacing: Spacing

  public init(variance: Variance, spacing: Spacing) {
    self.variance = variance
    self.spacing = spacing
  }
}
