import Basics

/// Walks over little-endian bytes; every step is checked against the end.
struct ByteReader {
  let bytes: [UInt8]
  private(set) var offset: Int
  /// What is being read, for messages: "pickle", "central directory".
  let what: String

  init(_ bytes: [UInt8], at offset: Int = 0, what: String) {
    self.bytes = bytes
    self.offset = offset
    self.what = what
  }

  var remaining: Int { bytes.count - offset }

  /// Throws unless `count` more bytes are there.
  func require(_ count: Int) throws {
    guard count >= 0, count <= remaining else {
      throw PlumbError("the \(what) is cut off", at: "byte \(offset)", expected: "\(count) more bytes", found: "\(remaining)")
    }
  }

  mutating func skip(_ count: Int) throws {
    try require(count)
    offset += count
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    try require(count)
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  mutating func byte() throws -> UInt8 {
    try require(1)
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A little-endian integer of the width of `Integer`.
  mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws -> Integer {
    var value: Integer = 0
    for (position, byte) in try take(Integer.bitWidth / 8).enumerated() {
      value |= Integer(truncatingIfNeeded: byte) << (8 * position)
    }
    return value
  }

  /// An unsigned length of the width of `Integer` as an `Int`; throws when it does not fit.
  mutating func length<Integer: FixedWidthInteger & UnsignedInteger>(_ type: Integer.Type) throws -> Int {
    let start = offset
    let value = try integer(type)
    guard let length = Int(exactly: value) else {
      throw PlumbError("a length in the \(what) does not fit", at: "byte \(start)", found: "\(value)")
    }
    return length
  }

  /// The bytes up to the next line feed, which is stepped over; at most `limit` of them.
  mutating func line(limit: Int) throws -> String {
    let window = bytes[offset..<min(bytes.count, offset + limit + 1)]
    guard let end = window.firstIndex(of: 0x0A) else {
      throw PlumbError("the \(what) has no end of line", at: "byte \(offset)", expected: "one within \(limit) bytes")
    }
    guard let text = String(validating: bytes[offset..<end], as: UTF8.self) else {
      throw PlumbError("text in the \(what) is not UTF-8", at: "byte \(offset)")
    }
    offset = end + 1
    return text
  }

  /// `count` bytes as UTF-8 text.
  mutating func text(_ count: Int) throws -> String {
    let start = offset
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw PlumbError("text in the \(what) is not UTF-8", at: "byte \(start)")
    }
    return text
  }
}

extension [UInt8] {
  /// Appends `value` in little-endian order.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
