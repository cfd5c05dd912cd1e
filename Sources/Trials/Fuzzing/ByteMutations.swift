/// Changes that know nothing of the format.
enum ByteMutations {
  /// No input is longer: what matters is structure, and time is short.
  static let sizeLimit = 1 << 20

  static func apply(to bytes: inout [UInt8], other: [UInt8], _ numbers: inout SeededNumbers) {
    switch numbers.below(7) {
    case 0: flip(&bytes, &numbers)
    case 1: bytes.removeLast(numbers.below(bytes.count + 1))
    case 2:
      let cut = chunk(of: bytes.count, &numbers)
      bytes.removeSubrange(cut)
    case 3:
      let copied = Array(bytes[chunk(of: bytes.count, &numbers)])
      for _ in 0...numbers.below(3) { bytes.insert(contentsOf: copied, at: numbers.below(bytes.count + 1)) }
    case 4:
      // A splice: the start of one file, the end of another.
      bytes = Array(bytes.prefix(numbers.below(bytes.count + 1))) + other.suffix(numbers.below(other.count + 1))
    case 5: bytes.insert(contentsOf: other[chunk(of: other.count, &numbers)], at: numbers.below(bytes.count + 1))
    default: overwriteLength(&bytes, at: numbers.below(bytes.count), &numbers)
    }
    if bytes.count > sizeLimit { bytes.removeLast(bytes.count - sizeLimit) }
  }

  static func flip(_ bytes: inout [UInt8], _ numbers: inout SeededNumbers) {
    guard !bytes.isEmpty else { return }
    for _ in 0...numbers.below(8) {
      let position = numbers.below(bytes.count)
      switch numbers.below(3) {
      case 0: bytes[position] ^= 1 << UInt8(numbers.below(8))
      case 1: bytes[position] = UInt8(truncatingIfNeeded: numbers.next())
      default: bytes[position] = numbers.pick([0, 1, 0x7F, 0x80, 0xFF]) ?? 0
      }
    }
  }

  /// Writes a tricky integer of 1 to 8 bytes over what stands at `position`.
  static func overwriteLength(_ bytes: inout [UInt8], at position: Int, width: Int? = nil, _ numbers: inout SeededNumbers) {
    let width = width ?? numbers.pick([1, 2, 4, 8]) ?? 4
    guard position >= 0, position + width <= bytes.count else { return }
    var old: UInt64 = 0
    for offset in 0..<width { old |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
    let value = numbers.trickyInteger(around: numbers.once(in: 4) ? bytes.count : Int(truncatingIfNeeded: old))
    for offset in 0..<width { bytes[position + offset] = UInt8(truncatingIfNeeded: value >> Int64(8 * offset)) }
  }

  private static func chunk(of count: Int, _ numbers: inout SeededNumbers) -> Range<Int> {
    let start = numbers.below(count + 1)
    let length = min(count - start, numbers.below(numbers.once(in: 4) ? count + 1 : 65))
    return start..<start + length
  }
}
