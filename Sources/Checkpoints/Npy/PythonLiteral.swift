import Basics

/// Just enough of Python's literals for npy headers: one dict of strings to strings, booleans and tuples of integers.
struct PythonLiteral {
  enum Value: Hashable {
    case text(String)
    case bool(Bool)
    case integers([Int])
  }

  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The whole header; nothing but white space may follow the dict.
  mutating func dictionary() throws -> [String: Value] {
    var fields: [String: Value] = [:]
    try expect("{")
    while !accept("}") {
      let key = try text()
      try expect(":")
      guard fields.updateValue(try value(), forKey: key) == nil else { throw malformed() }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard offset == bytes.count else { throw malformed() }
    return fields
  }

  private func malformed() -> PlumbError {
    PlumbError("malformed npy header", at: "byte \(offset) of its text", expected: "a dict of plain literals")
  }

  private mutating func skipSpace() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func accept(_ word: String) -> Bool {
    skipSpace()
    guard bytes[offset...].starts(with: word.utf8) else { return false }
    offset += word.utf8.count
    return true
  }

  private mutating func expect(_ word: String) throws {
    guard accept(word) else { throw malformed() }
  }

  private mutating func value() throws -> Value {
    if accept("True") { return .bool(true) }
    if accept("False") { return .bool(false) }
    guard accept("(") else { return .text(try text()) }
    var items: [Int] = []
    while !accept(")") {
      items.append(try integer())
      if !accept(",") {
        try expect(")")
        // `(3)` is a number in Python, not a tuple.
        guard items.count != 1 else { throw malformed() }
        break
      }
    }
    return .integers(items)
  }

  private mutating func text() throws -> String {
    skipSpace()
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "'") || bytes[offset] == UInt8(ascii: "\"") else { throw malformed() }
    let quote = bytes[offset]
    let start = offset + 1
    guard let end = bytes[start...].firstIndex(of: quote), !bytes[start..<end].contains(UInt8(ascii: "\\")),
      let text = String(validating: bytes[start..<end], as: UTF8.self)
    else { throw malformed() }
    offset = end + 1
    return text
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let start = offset
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
    guard let number = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else { throw malformed() }
    // Python 2 wrote long integers with an L.
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "L") { offset += 1 }
    return number
  }
}
