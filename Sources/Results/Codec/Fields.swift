package import Basics

/// The fields of a JSON object, read by the keys of one type, so that a key's text stands in one place. What is missing or of
/// another type is an error that names the document and the field; null counts as absent.
package struct Fields<Key: RawRepresentable> where Key.RawValue == String {
  package let values: [String: JSONValue]
  /// The document with its article: "a curve".
  package let what: String

  /// Throws unless the value is an object.
  package init(_ json: JSONValue, of what: String) throws {
    guard case .object(let values) = json else { throw PlumbError("this is not \(what)", expected: "a JSON object", found: json.brief) }
    self.values = values
    self.what = what
  }

  /// The value of a field; nil when it is absent or null.
  package subscript(_ key: Key) -> JSONValue? {
    let value = values[key.rawValue]
    return value == .null ? nil : value
  }

  package func text(_ key: Key) throws -> String { try required(key, "text", \.text) }
  package func integer(_ key: Key) throws -> Int { try required(key, "a whole number", \.integer) }
  package func list(_ key: Key) throws -> [JSONValue] { try required(key, "a list", \.list) }

  package func optionalText(_ key: Key) throws -> String? { try optional(key, "text", \.text) }
  package func optionalInteger(_ key: Key) throws -> Int? { try optional(key, "a whole number", \.integer) }
  package func optionalNumber(_ key: Key) throws -> Double? { try optional(key, "a number", \.double) }
  package func optionalList(_ key: Key) throws -> [JSONValue]? { try optional(key, "a list", \.list) }
  package func optionalObject(_ key: Key) throws -> [String: JSONValue]? { try optional(key, "an object", \.object) }
  package func optionalDigest(_ key: Key) throws -> Digest? {
    try optional(key, "64 hexadecimal digits") { $0.text.flatMap { Digest(hex: $0) } }
  }

  /// Texts of a list; empty when the field is absent.
  package func texts(_ key: Key) throws -> [String] {
    try optional(key, "a list of texts") { value in value.list.flatMap { Self.all($0, \.text) } } ?? []
  }

  /// Digests by name; empty when the field is absent.
  package func digests(_ key: Key) throws -> [String: Digest] {
    let digests: [String: Digest]? = try optional(key, "digests by name") { value in
      guard let fields = value.object else { return nil }
      let digests = fields.compactMapValues { $0.text.flatMap { Digest(hex: $0) } }
      return digests.count == fields.count ? digests : nil
    }
    return digests ?? [:]
  }

  /// The value as `convert` reads it. Throws when the field is absent, or `convert` gives nil.
  package func required<Value>(_ key: Key, _ expected: String, _ convert: (JSONValue) -> Value?) throws -> Value {
    guard let value = try optional(key, expected, convert) else {
      throw PlumbError("\(what) lacks a field", at: key.rawValue, expected: expected)
    }
    return value
  }

  /// The same, nil for an absent field.
  package func optional<Value>(_ key: Key, _ expected: String, _ convert: (JSONValue) -> Value?) throws -> Value? {
    guard let value = self[key] else { return nil }
    guard let converted = convert(value) else {
      throw PlumbError("\(what) has an unreadable field", at: key.rawValue, expected: expected, found: value.brief)
    }
    return converted
  }

  /// All items converted; nil when one is something else.
  static func all<Value>(_ items: [JSONValue], _ convert: (JSONValue) -> Value?) -> [Value]? {
    let values = items.compactMap(convert)
    return values.count == items.count ? values : nil
  }
}

extension JSONValue {
  /// An object whose fields have the keys of one type.
  package init<Key: RawRepresentable & Hashable>(fields: [Key: JSONValue]) where Key.RawValue == String {
    self = .object(Dictionary(fields.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }))
  }
}
