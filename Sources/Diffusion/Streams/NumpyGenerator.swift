import Basics
import Foundation

/// numpy's `default_rng`: PCG64 below uniforms, bounded integers and normals by the ziggurat
/// (numpy/random/src/distributions). Words, uniforms and integers agree to the bit, normals to rounding.
public struct NumpyGenerator: Sendable, Hashable {
  private var words: PCG64
  /// The high half of the last word taken for a 32-bit number.
  private var half: UInt32?

  public init(seed: UInt64) { words = PCG64(seed: seed) }

  /// A uniform of [0, 1): the high 53 bits of a word.
  public mutating func uniform() -> Double { Double(words.next() >> 11) * 0x1p-53 }

  /// `integers(0, bound)` for a bound below 2^32 (Lemire 2019). Throws when `bound` is 0.
  public mutating func integer(below bound: UInt32) throws -> UInt32 {
    guard bound > 0 else { throw PlumbError("an empty range to draw from", kind: .input, expected: "at least 1", found: "0") }
    // numpy draws nothing for a single possible value.
    guard bound > 1 else { return 0 }
    let threshold = (0 &- bound) % bound
    while true {
      let product = UInt64(nextHalf()) * UInt64(bound)
      if UInt32(truncatingIfNeeded: product) >= threshold { return UInt32(product >> 32) }
    }
  }

  /// The next standard normal (Marsaglia and Tsang, "The ziggurat method for generating random variables", 2000).
  public mutating func normal() -> Double {
    while true {
      let word = words.next()
      let layer = Int(word & 0xff)
      let magnitude = (word >> 9) & 0xf_ffff_ffff_ffff
      let x = (word & 0x100 == 0 ? 1 : -1) * Double(magnitude) * ZigguratTables.normal.widths[layer]
      if magnitude < ZigguratTables.normal.accepted[layer] { return x }
      if layer == 0 { return tail(isNegative: magnitude & 0x100 != 0) }
      let (below, above) = (ZigguratTables.normal.densities[layer], ZigguratTables.normal.densities[layer - 1])
      if (above - below) * uniform() + below < exp(-0.5 * x * x) { return x }
    }
  }

  /// Beyond the last layer: an exponential, kept in proportion to the normal's density.
  private mutating func tail(isNegative: Bool) -> Double {
    while true {
      let beyond = -log1p(-uniform()) / ZigguratTables.edge
      let test = -log1p(-uniform())
      if test + test > beyond * beyond { return isNegative ? -(ZigguratTables.edge + beyond) : ZigguratTables.edge + beyond }
    }
  }

  private mutating func nextHalf() -> UInt32 {
    if let high = half {
      half = nil
      return high
    }
    let word = words.next()
    half = UInt32(word >> 32)
    return UInt32(truncatingIfNeeded: word)
  }
}
