import Basics

/// Walks over little-endian bytes, in memory or in a file; every step is checked against the end. Of a file, only the pages
/// that are looked at are read: what is skipped costs nothing.
struct ByteReader {
  private(set) var offset: Int
  /// What is being read, for messages: "pickle", "central directory".
  let what: String
  /// Where the bytes that may be read end, in the memory or file.
  let end: Int

  /// Nil for bytes in memory; they are then all in the window.
  private let file: (any RandomAccessBytes)?
  private var window: [UInt8]
  private var windowStart: Int
  private let windowSize: Int

  init(_ bytes: [UInt8], at offset: Int = 0, what: String) {
    self.offset = offset
    self.what = what
    end = bytes.count
    file = nil
    window = bytes
    windowStart = 0
    windowSize = 0
  }

  init(_ file: any RandomAccessBytes, what: String) {
    offset = 0
    self.what = what
    end = file.size
    self.file = file
    window = []
    windowStart = 0
    windowSize = 1 << 14
  }

  /// A reader of a part of what `outer` reads; offsets stay those of the whole.
  init(_ range: Range<Int>, of outer: ByteReader, what: String) throws {
    guard range.lowerBound >= 0, range.upperBound <= outer.end else {
      throw PlumbError("the \(what) does not lie in the \(outer.what)", at: "byte \(range.lowerBound)")
    }
    offset = range.lowerBound
    self.what = what
    end = range.upperBound
    file = outer.file
    window = outer.window
    windowStart = outer.windowStart
    windowSize = min(outer.windowSize, 1 << 10)
  }

  var remaining: Int { end - offset }

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
    try fill(count)
    defer { offset += count }
    return window[offset - windowStart..<offset - windowStart + count]
  }

  /// Brings the next `count` bytes into the window.
  private mutating func fill(_ count: Int) throws {
    try require(count)
    guard let file, offset < windowStart || offset + count > windowStart + window.count else { return }
    window = try file.read(at: offset, count: min(remaining, max(count, windowSize)))
    windowStart = offset
  }

  mutating func byte() throws -> UInt8 {
    try fill(1)
    defer { offset += 1 }
    return window[offset - windowStart]
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
    let available = min(remaining, limit + 1)
    try fill(available)
    let start = offset - windowStart
    guard let end = window[start..<start + available].firstIndex(of: 0x0A) else {
      throw PlumbError("the \(what) has no end of line", at: "byte \(offset)", expected: "one within \(limit) bytes")
    }
    guard let text = String(validating: window[start..<end], as: UTF8.self) else {
      throw PlumbError("text in the \(what) is not UTF-8", at: "byte \(offset)")
    }
    offset += end + 1 - start
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
  package mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
