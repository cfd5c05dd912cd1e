/// numpy's `SeedSequence` (numpy/random/bit_generator.pyx, after O'Neill's `seed_seq`): spreads an integer over any
/// number of words.
public struct NumpySeedSequence: Sendable, Hashable {
  private var pool: [UInt32]

  /// `SeedSequence(seed)`: the seed enters as little-endian words, at least one.
  public init(seed: UInt64) {
    var entropy = [UInt32(truncatingIfNeeded: seed)]
    if seed >> 32 != 0 { entropy.append(UInt32(truncatingIfNeeded: seed >> 32)) }
    var hash = Hash(value: 0x43b0_d7e5, factor: 0x931e_8875)
    pool = (0..<Self.poolSize).map { hash.next(entropy.indices.contains($0) ? entropy[$0] : 0) }
    for source in pool.indices {
      for target in pool.indices where target != source {
        pool[target] = Self.mix(pool[target], hash.next(pool[source]))
      }
    }
    // An entropy of more than four words would be mixed in here; a 64-bit seed has two.
  }

  /// `generate_state(count, uint64)`.
  public func words(_ count: Int) -> [UInt64] {
    var hash = Hash(value: 0x8b51_f9dd, factor: 0x58f3_8ded)
    return (0..<max(count, 0)).map { position in
      let low = hash.next(pool[2 * position % Self.poolSize])
      return UInt64(low) | UInt64(hash.next(pool[(2 * position + 1) % Self.poolSize])) << 32
    }
  }

  private static let poolSize = 4

  private struct Hash {
    var value: UInt32
    let factor: UInt32

    mutating func next(_ word: UInt32) -> UInt32 {
      var mixed = word ^ value
      value = value &* factor
      mixed = mixed &* value
      return mixed ^ (mixed >> 16)
    }
  }

  private static func mix(_ first: UInt32, _ second: UInt32) -> UInt32 {
    let mixed = 0xca01_f9dd &* first &- 0x4973_f715 &* second
    return mixed ^ (mixed >> 16)
  }
}
