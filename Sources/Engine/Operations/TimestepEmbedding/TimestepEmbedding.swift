import Basics
import Glibc

/// Sinusoidal embedding of a timestep (Vaswani et al. 2017, as guided-diffusion writes it).
package struct TimestepEmbedding: Operation {
  package var width: Int
  package var maxPeriod: Double
  package var halfDivisor: Int
  package var order: EmbeddingOrder
  package var formula: FrequencyFormula

  package init(
    width: Int, maxPeriod: Double, halfDivisor: Int, order: EmbeddingOrder = .cosineFirst,
    formula: FrequencyFormula = .exponentialOfQuotient
  ) {
    (self.width, self.maxPeriod, self.halfDivisor, self.order, self.formula) = (width, maxPeriod, halfDivisor, order, formula)
  }

  package var name: String { "timestep embedding" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.scalar(operands)
    guard width >= 2, halfDivisor > 0, maxPeriod.isFinite, maxPeriod > 0 else {
      throw PlumbError(
        "bad timestep embedding", kind: .input, expected: "width of 2 or more, positive divisor and period",
        found: "width \(width), divisor \(halfDivisor), period \(maxPeriod)")
    }
    return .vector(width)
  }

  /// `maxPeriod^(-k / halfDivisor)` for every `k < width / 2`, rounded to float32 where the formula rounds.
  package var frequencies: [Float] {
    (0..<(width / 2)).map { index in
      let (k, divisor) = (Float(index), Float(halfDivisor))
      return switch formula {
      case .exponentialOfQuotient: Float(exp(Double(Float(-log(maxPeriod)) * k / divisor)))
      case .exponentialOfRate: Float(exp(Double(k * Float(-log(maxPeriod) / Double(halfDivisor)))))
      case .power: Float(pow(Double(Float(1 / maxPeriod)), Double(k / divisor)))
      }
    }
  }
}

extension GraphBuilder {
  /// Sinusoidal embedding of a scalar: `cos(t f_k)` for every `k < width / 2` and the sines, in the order asked for, with
  /// `f_k = exp(-ln(maxPeriod) k / halfDivisor)`, in float32 as PyTorch computes it. An odd width ends in a zero.
  /// `formula` says how the original rounds the frequencies.
  public mutating func timestepEmbedding(
    _ t: ValueID, width: Int, maxPeriod: Double, halfDivisor: Int, order: EmbeddingOrder = .cosineFirst,
    formula: FrequencyFormula = .exponentialOfQuotient
  ) -> ValueID {
    append(TimestepEmbedding(width: width, maxPeriod: maxPeriod, halfDivisor: halfDivisor, order: order, formula: formula), [t])
  }
}
