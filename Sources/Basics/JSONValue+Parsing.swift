import Foundation

extension JSONValue {
  /// Parses strict JSON (RFC 8259). Throws `PlumbError` with the byte offset; nesting is limited to 200 levels,
  /// duplicate fields are refused.
  /// - Parameter acceptsNonFinite: reads `NaN`, `Infinity` and `-Infinity`, which are no JSON but what many programs write; whoever
  ///   asks for them says what they mean where they stand.
  public init(parsing bytes: [UInt8], acceptsNonFinite: Bool = false) throws {
    var parser = JSONParser(bytes: bytes, acceptsNonFinite: acceptsNonFinite)
    parser.skipSpace()
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.error("text after the end of the JSON value") }
  }

  /// Parses the file at `path`.
  public init(contentsOf path: String, limit: Int = 1 << 28) throws {
    do {
      try self.init(parsing: AtomicFile.read(path, limit: limit))
    } catch let error as PlumbError {
      throw error.place == path ? error : error.at(path)
    }
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let acceptsNonFinite: Bool
  var offset = 0

  init(bytes: [UInt8], acceptsNonFinite: Bool) {
    self.bytes = bytes
    self.acceptsNonFinite = acceptsNonFinite
  }

  func error(_ message: String) -> PlumbError { PlumbError(message, at: "byte \(offset)") }

  var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  mutating func value(depth: Int) throws -> JSONValue {
    guard depth < 200 else { throw error("JSON is nested too deeply") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try list(depth: depth)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case nil: throw error("JSON ends where a value was expected")
    case UInt8(ascii: "N"), UInt8(ascii: "I"): return try nonFinite()
    case UInt8(ascii: "-") where offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "I"): return try nonFinite()
    default: return try number()
    }
  }

  private static let nonFinite: [(word: String, value: Double)] = [("NaN", .nan), ("Infinity", .infinity), ("-Infinity", -.infinity)]

  /// A number that JSON has no word for.
  mutating func nonFinite() throws -> JSONValue {
    guard let found = Self.nonFinite.first(where: { bytes[offset...].starts(with: $0.word.utf8) }) else { throw error("not a JSON value") }
    guard acceptsNonFinite else { throw error("\(found.word) is no number of JSON") }
    offset += found.word.utf8.count
    return .number(found.value)
  }

  mutating func literal(_ word: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[offset...].starts(with: word.utf8) else { throw error("not a JSON value") }
    offset += word.utf8.count
    return value
  }

  mutating func list(depth: Int) throws -> JSONValue {
    offset += 1
    var items: [JSONValue] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      offset += 1
      return .list(items)
    }
    while true {
      skipSpace()
      items.append(try value(depth: depth + 1))
      skipSpace()
      if try separator(end: UInt8(ascii: "]")) { return .list(items) }
    }
  }

  mutating func object(depth: Int) throws -> JSONValue {
    offset += 1
    var fields: [String: JSONValue] = [:]
    skipSpace()
    if next == UInt8(ascii: "}") {
      offset += 1
      return .object(fields)
    }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a field name") }
      let name = try string()
      guard fields[name] == nil else { throw error("duplicate field \"\(name)\"") }
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw error("expected ':' after the field name") }
      offset += 1
      skipSpace()
      fields[name] = try value(depth: depth + 1)
      skipSpace()
      if try separator(end: UInt8(ascii: "}")) { return .object(fields) }
    }
  }

  /// Steps over ',' (false) or the closing bracket (true).
  mutating func separator(end: UInt8) throws -> Bool {
    guard let byte = next, byte == UInt8(ascii: ",") || byte == end else { throw error("expected ',' or a closing bracket") }
    offset += 1
    return byte == end
  }

  mutating func number() throws -> JSONValue {
    let start = offset
    while let byte = next, "+-0123456789.eE".utf8.contains(byte) { offset += 1 }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    let digits = text.drop { $0 == "-" }
    guard text.filter({ $0 == "-" }).count <= 2, let first = digits.first, first.isNumber,
      !(first == "0" && digits.dropFirst().first?.isNumber == true), !text.hasSuffix(".")
    else { throw error("not a JSON number: \(text)") }
    if let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw error("not a JSON number: \(text)") }
    return .number(number)
  }

  mutating func string() throws -> String {
    offset += 1
    var text: [UInt8] = []
    while let byte = next {
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw error("string is not UTF-8") }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw error("control character in a string")
      default: text.append(byte)
      }
    }
    throw error("string without an end")
  }

  mutating func escape(into text: inout [UInt8]) throws {
    guard let byte = next else { throw error("string without an end") }
    offset += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xD800..<0xDC00).contains(code) {
        guard next == UInt8(ascii: "\\"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else {
          throw error("half of a surrogate pair")
        }
        offset += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw error("not a Unicode scalar") }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: throw error("unknown escape in a string")
    }
  }

  mutating func codeUnit() throws -> UInt32 {
    guard offset + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[offset..<offset + 4], as: UTF8.self), radix: 16) else {
      throw error("expected four hexadecimal digits")
    }
    offset += 4
    return code
  }
}
