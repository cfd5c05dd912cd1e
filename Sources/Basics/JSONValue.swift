import Foundation

/// JSON as a value: parsed strictly, printed canonically (object fields sorted, shortest exact numbers), so that a
/// table has one byte form and any tool can read it.
public indirect enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension JSONValue {
  public init(_ numbers: [Double]) { self = .list(numbers.map(JSONValue.number)) }
  public init(_ numbers: [Int]) { self = .list(numbers.map { .integer(Int64($0)) }) }
  public init(_ number: Int) { self = .integer(Int64(number)) }

  public subscript(field: String) -> JSONValue? {
    if case .object(let fields) = self { fields[field] } else { nil }
  }
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var list: [JSONValue]? { if case .list(let items) = self { items } else { nil } }
  public var object: [String: JSONValue]? { if case .object(let fields) = self { fields } else { nil } }
  public var integer: Int? {
    switch self {
    case .integer(let number): Int(exactly: number)
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }
  public var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
  /// A list of numbers; nil when an item is something else.
  public var doubles: [Double]? {
    guard let list else { return nil }
    let numbers = list.compactMap(\.double)
    return numbers.count == list.count ? numbers : nil
  }
}

extension JSONValue {
  /// Canonical text: sorted fields, no white space unless `pretty`. NaN and infinities print as null, as JSON has none.
  public func encoded(pretty: Bool = false) -> [UInt8] {
    var text = ""
    write(into: &text, indent: pretty ? 0 : nil)
    if pretty { text += "\n" }
    return Array(text.utf8)
  }

  private func write(into text: inout String, indent: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .number(let number): text += number.isFinite ? "\(number)" : "null"
    case .text(let string): Self.quote(string, into: &text)
    case .list(let items):
      // A list of plain values stays on one line: curves are long.
      let flat = !items.contains { if case .list = $0 { true } else if case .object = $0 { true } else { false } }
      Self.bracket("[", "]", items, into: &text, indent: flat ? nil : indent) { $0.write(into: &$1, indent: $2) }
    case .object(let fields):
      Self.bracket("{", "}", fields.sorted { $0.key < $1.key }, into: &text, indent: indent) { field, text, inner in
        Self.quote(field.key, into: &text)
        text += indent == nil ? ":" : ": "
        field.value.write(into: &text, indent: inner)
      }
    }
  }

  private static func bracket<Item>(
    _ open: String, _ close: String, _ items: [Item], into text: inout String, indent: Int?, item: (Item, inout String, Int?) -> Void
  ) {
    text += open
    for (position, value) in items.enumerated() {
      if position > 0 { text += "," }
      if let indent { text += "\n" + String(repeating: " ", count: indent + 2) }
      item(value, &text, indent.map { $0 + 2 })
    }
    if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
    text += close
  }

  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case let control where control.value < 0x20:
        let hex = String(control.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
