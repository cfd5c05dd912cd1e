/// Changes to JSON and to Python literals, token by token: numbers, strings, brackets.
enum TextMutations {
  private static let atoms = [
    "0", "-1", "1e308", "1e999", "-0", "9223372036854775807", "9223372036854775808", "18446744073709551616", "4294967296", "1.5", "true",
    "null", "True", "None", "\"\"", "''", "{}", "[]", "()", "{", "[", "(", "}", "]", ")", ",", ":", "\"F32\"", "\"BF16\"", "\"BOOL\"",
    "\"__metadata__\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "'<f4'", "'>f8'", "'<u8'", "'|O'", "'descr'", "\"\\ud800\"", "\u{0}",
    "é",
  ]

  static func tokens(_ text: [UInt8]) -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    var offset = 0
    while offset < text.count {
      var end = offset + 1
      let first = text[offset]
      if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
        end = (text[end...].firstIndex(of: first) ?? text.count - 1) + 1
      } else {
        while isWord(first), end < text.count, isWord(text[end]) { end += 1 }
      }
      tokens.append(Array(text[offset..<end]))
      offset = end
    }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D }

  static func apply(to text: inout [UInt8], _ numbers: inout SeededNumbers) {
    var tokens = tokens(text)
    for _ in 0...numbers.below(2) where !tokens.isEmpty {
      let position = numbers.below(tokens.count)
      switch numbers.below(6) {
      case 0: tokens.remove(at: position)
      case 1: tokens.insert(tokens[position], at: position)
      case 2: tokens.swapAt(position, numbers.below(tokens.count))
      case 3: tokens[position] = Array((numbers.pick(atoms) ?? "").utf8)
      case 4:
        let end = min(tokens.count, position + 1 + numbers.below(12))
        tokens.insert(contentsOf: tokens[position..<end], at: numbers.below(tokens.count))
      default:
        guard let old = Int(String(decoding: tokens[position], as: UTF8.self)) else {
          tokens.insert(contentsOf: [[UInt8]](repeating: tokens[position], count: 1 << numbers.below(10)), at: position)
          continue
        }
        tokens[position] = Array(String(numbers.trickyInteger(around: old)).utf8)
      }
    }
    text = Array(tokens.joined())
  }
}
