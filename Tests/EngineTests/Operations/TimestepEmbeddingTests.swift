import Engine
import Foundation
import Testing

@Suite struct TimestepEmbeddingTests {
  /// The three formulas agree but for roundings; at large timesteps these would show, so they are kept apart.
  @Test func formulasDifferInTheLastBitsOnly() {
    let all = [FrequencyFormula.exponentialOfQuotient, .exponentialOfRate, .power].map {
      TimestepEmbedding(width: 256, maxPeriod: 10000, halfDivisor: 127, formula: $0).frequencies
    }
    for k in 0..<128 {
      let exact = pow(10000, -Double(k) / 127)
      for frequencies in all { #expect(abs(Double(frequencies[k]) - exact) <= 2e-6 * exact) }
    }
    #expect(Set(all).count == 3)
  }
}
