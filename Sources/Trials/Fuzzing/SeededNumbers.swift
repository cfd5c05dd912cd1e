/// Numbers that depend on a seed and an index only, so that an input can be made again. SplitMix64 (Steele, Lea and Flood,
/// OOPSLA 2014).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, index: UInt64) {
    state = seed &* 0xD134_2543_DE82_EF95 ^ index &* 0x9E37_79B9_7F4A_7C15
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A number below `limit`; 0 when there is none.
  mutating func below(_ limit: Int) -> Int { limit > 0 ? Int.random(in: 0..<limit, using: &self) : 0 }

  /// True once in `times`.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }

  /// A length, count or offset that readers get wrong: zero, limits of integer types, a little beside `around`.
  mutating func trickyInteger(around value: Int) -> Int64 {
    let edges: [Int64] = [
      0, 1, -1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 1 << 40,
      1 << 61, 1 << 62, .max, .min,
    ]
    switch below(3) {
    case 0: return Int64(value) &+ Int64(below(9)) &- 4
    case 1: return Int64(value) &* Int64(below(5))
    default: return pick(edges) ?? 0
    }
  }
}
