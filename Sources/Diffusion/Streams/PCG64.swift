/// PCG XSL-RR 128/64 of O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms for random
/// number generation" (2014), as numpy's default generator seeds and steps it.
public struct PCG64: Sendable, Hashable {
  private var state: UInt128
  private let increment: UInt128

  /// Seeded as `numpy.random.PCG64(seed)`: state and stream from four words of the seed sequence.
  public init(seed: UInt64) {
    let words = NumpySeedSequence(seed: seed).words(4).map { UInt128($0) }
    increment = (words[2] << 64 | words[3]) << 1 | 1
    state = (increment &+ (words[0] << 64 | words[1])) &* Self.multiplier &+ increment
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state = state &* Self.multiplier &+ increment
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return folded >> turn | folded << ((64 &- turn) & 63)
  }

  private static let multiplier: UInt128 = 0x2360_ed05_1fc6_5da4 << 64 | 0x4385_df64_9fcc_f645
}
