/// Philox 4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011): four 32-bit words from a 128-bit counter and a 64-bit key, with no state between calls.
public struct Philox: Sendable, Hashable {
  public let key: SIMD2<UInt32>

  public init(key: SIMD2<UInt32>) { self.key = key }

  /// The low word of the seed is the first word of the key.
  public init(seed: UInt64) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// The block of random words of a counter.
  public func block(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (words, key) = (counter, key)
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(words.x) * 0xD251_1F53
      let second = UInt64(words.z) * 0xCD9E_8D57
      words = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ words.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ words.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
    }
    return words
  }
}
