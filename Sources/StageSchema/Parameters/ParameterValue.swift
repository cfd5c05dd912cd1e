public import Basics

/// The value of a parameter once it has the type of the field it fills.
public indirect enum ParameterValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([ParameterValue])
  case record([String: ParameterValue])
}

extension ParameterValue {
  /// The form that enters a key. Integers in a number field have been made numbers before this is called.
  public var canonical: CanonicalValue {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .list(let items): .list(items.map(\.canonical))
    case .record(let fields): .record(fields.mapValues(\.canonical))
    }
  }

  public var json: JSONValue {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .list(let items): .list(items.map(\.json))
    case .record(let fields): .object(fields.mapValues(\.json))
    }
  }

  public init(_ json: JSONValue) {
    switch json {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .integer(let number): self = .integer(number)
    case .number(let number): self = .number(number)
    case .text(let text): self = .text(text)
    case .list(let items): self = .list(items.map(ParameterValue.init))
    case .object(let fields): self = .record(fields.mapValues(ParameterValue.init))
    }
  }

  public subscript(field: String) -> ParameterValue? {
    if case .record(let fields) = self { fields[field] } else { nil }
  }

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  public var list: [ParameterValue]? { if case .list(let items) = self { items } else { nil } }
  public var integer: Int? { if case .integer(let number) = self { Int(exactly: number) } else { nil } }
  public var number: Double? {
    switch self {
    case .number(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }

  /// As a person would write it: `1.017`, `ddpm`, `[1,2]`, `{b: 1, k: 0}`.
  public var label: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
    case .text(let text): text
    case .list(let items): "[" + items.map(\.label).joined(separator: ",") + "]"
    case .record(let fields): "{" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.label)" }.joined(separator: ", ") + "}"
    }
  }
}
