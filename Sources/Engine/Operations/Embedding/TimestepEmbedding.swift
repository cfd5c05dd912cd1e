import Basics

/// Sinusoidal embedding of a timestep (Vaswani et al. 2017, as guided-diffusion writes it).
package struct TimestepEmbedding: Hashable, Sendable {
  package var width: Int
  package var maxPeriod: Double
  package var halfDivisor: Int

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
