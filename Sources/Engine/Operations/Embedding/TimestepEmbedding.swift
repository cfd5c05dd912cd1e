import Basics

/// Which half of an embedding comes first.
public enum EmbeddingOrder: String, Hashable, Sendable, BitwiseCopyable {
  case cosineFirst, sineFirst
}

/// How a codebase writes `maxPeriod^(-k / divisor)`. At timesteps near 1000 the last bit of a frequency shows in the
/// embedding, so each is rounded to float32 where the original rounds.
public enum FrequencyFormula: String, Hashable, Sendable {
  /// `exp((-ln(maxPeriod) k) / divisor)`: guided-diffusion.
  case exponentialOfQuotient
  /// `exp(k (-ln(maxPeriod) / divisor))`, the bracket in float64: the DDPM and DDIM code.
  case exponentialOfRate
  /// `(1 / maxPeriod)^(k / divisor)`: EDM.
  case power
}

/// Sinusoidal embedding of a timestep (Vaswani et al. 2017, as guided-diffusion writes it).
package struct TimestepEmbedding: Hashable, Sendable {
  package var width: Int
  package var maxPeriod: Double
  package var halfDivisor: Int
  package var order = EmbeddingOrder.cosineFirst
  package var formula = FrequencyFormula.exponentialOfQuotient

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    guard shape == .scalar else { throw PlumbError("operand is not a scalar", kind: .input, expected: "a scalar", found: "\(shape)") }
    guard width >= 2, halfDivisor > 0, maxPeriod.isFinite, maxPeriod > 0 else {
      throw PlumbError(
        "bad timestep embedding", kind: .input, expected: "width of 2 or more, positive divisor and period",
        found: "width \(width), divisor \(halfDivisor), period \(maxPeriod)")
    }
    return .vector(width)
  }
}
