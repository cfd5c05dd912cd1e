/// MT19937 of Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random
/// number generator" (1998), seeded from one word: the engine below PyTorch's CPU generator and numpy's RandomState.
public struct MersenneTwister: Sendable, Hashable {
  private static let length = 624
  private static let offset = 397

  private var state: [UInt32]
  private var used = Self.length

  /// state[j] = 1812433253 (state[j-1] xor state[j-1] >> 30) + j, modulo 2^32.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.length)
    var last = seed
    for position in 1..<UInt32(Self.length) {
      last = 1_812_433_253 &* (last ^ (last >> 30)) &+ position
      state.append(last)
    }
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if used == Self.length { regenerate() }
    var word = state[used]
    used += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// Leaves out `count` words.
  public mutating func skip(_ count: Int) {
    var left = count
    while left > Self.length - used {
      left -= Self.length - used
      regenerate()
    }
    used += max(left, 0)
  }

  private mutating func regenerate() {
    for position in 0..<Self.length {
      let mixed = (state[position] & 0x8000_0000) | (state[(position + 1) % Self.length] & 0x7fff_ffff)
      let twist: UInt32 = mixed & 1 == 0 ? 0 : 0x9908_b0df
      state[position] = state[(position + Self.offset) % Self.length] ^ (mixed >> 1) ^ twist
    }
    used = 0
  }
}
