/// Which half of an embedding comes first.
public enum EmbeddingOrder: String, Hashable, Sendable, BitwiseCopyable {
  case cosineFirst, sineFirst
}

/// How a codebase writes `maxPeriod^(-k / divisor)`. At timesteps near 1000 the last bit of a frequency shows in the
/// embedding, so each is rounded to float32 where the original rounds.
public enum FrequencyFormula: String, Hashable, Sendable, CaseIterable {
  /// `exp((-ln(maxPeriod) k) / divisor)`: guided-diffusion.
  case exponentialOfQuotient
  /// `exp(k (-ln(maxPeriod) / divisor))`, the bracket in float64: the DDPM and DDIM code.
  case exponentialOfRate
  /// `(1 / maxPeriod)^(k / divisor)`: EDM.
  case power
}
