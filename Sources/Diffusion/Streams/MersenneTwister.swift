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
    state.withUnsafeMutableBufferPointer { state in
      let (length, offset) = (Self.length, Self.offset)
      for position in 0..<length - offset {
        state[position] = state[position + offset] ^ Self.twist(state[position], state[position + 1])
      }
      for position in length - offset..<length - 1 {
        state[position] = state[position + offset - length] ^ Self.twist(state[position], state[position + 1])
      }
      state[length - 1] = state[offset - 1] ^ Self.twist(state[length - 1], state[0])
    }
    used = 0
  }

  private static func twist(_ high: UInt32, _ low: UInt32) -> UInt32 {
    let mixed = (high & 0x8000_0000) | (low & 0x7fff_ffff)
    return (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
  }
}
