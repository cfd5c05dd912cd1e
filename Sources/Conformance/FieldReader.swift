import Basics

/// Reads the fields of a JSON object and remembers which: a field nobody asked for is an error, so that a case cannot ask
/// for something that is silently left out.
final class FieldReader {
  private let fields: [String: JSONValue]
  private let place: String
  private var understood: Set<String> = []
  private var children: [FieldReader] = []

  init(_ value: JSONValue, place: String) throws {
    guard let fields = value.object else { throw PlumbError("not an object", kind: .input, at: place) }
    self.fields = fields
    self.place = place
  }

  /// The value of a field; nil when it is absent or null.
  func value(_ name: String) -> JSONValue? {
    understood.insert(name)
    return fields[name] == .null ? nil : fields[name]
  }

  func text(_ name: String) throws -> String { try require(name, "a text") { $0.text } }
  func integer(_ name: String) throws -> Int { try require(name, "a whole number") { $0.integer } }
  func number(_ name: String) throws -> Double { try require(name, "a number") { $0.double } }
  func numbers(_ name: String) throws -> [Double] { try require(name, "a list of numbers") { $0.doubles } }
  func flag(_ name: String) throws -> Bool { try require(name, "true or false") { $0.bool } }

  func integers(_ name: String) throws -> [Int] {
    try require(name, "a list of whole numbers") { value in
      guard let list = value.list else { return nil }
      let integers = list.compactMap(\.integer)
      return integers.count == list.count ? integers : nil
    }
  }

  func texts(_ name: String) throws -> [String] {
    try require(name, "a list of texts") { value in
      guard let list = value.list else { return nil }
      let texts = list.compactMap(\.text)
      return texts.count == list.count ? texts : nil
    }
  }

  func has(_ name: String) -> Bool { fields[name] != nil && fields[name] != .null }

  func flag(_ name: String, default value: Bool) throws -> Bool { has(name) ? try flag(name) : understoodDefault(name, value) }
  func number(_ name: String, default value: Double) throws -> Double { has(name) ? try number(name) : understoodDefault(name, value) }

  func object(_ name: String) throws -> FieldReader {
    let child = try FieldReader(try require(name, "an object") { $0 }, place: "\(place).\(name)")
    children.append(child)
    return child
  }

  /// Fields whose meaning is known and changes nothing that is computed here.
  func accept(_ names: String...) { understood.formUnion(names) }

  /// Fields nobody asked for, sorted; one that is null counts as absent.
  func rest() -> [String] { fields.filter { !understood.contains($0.key) && $0.value != .null }.keys.sorted() }

  /// The fields nobody asked for so far, which count as understood from here on.
  func takeRest() -> [String: JSONValue] {
    let rest = Dictionary(uniqueKeysWithValues: rest().compactMap { name in fields[name].map { (name, $0) } })
    understood.formUnion(rest.keys)
    return rest
  }

  /// Throws when a field, here or in an object read from here, was not understood.
  func finish() throws {
    if let name = rest().first {
      throw PlumbError("this field is not understood", kind: .input, at: "\(place).\(name)")
    }
    for child in children { try child.finish() }
  }

  private func understoodDefault<Value>(_ name: String, _ value: Value) -> Value {
    understood.insert(name)
    return value
  }

  private func require<Value>(_ name: String, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value {
    guard let value = value(name) else { throw PlumbError("a field is missing", kind: .input, at: "\(place).\(name)", expected: expected) }
    guard let result = read(value) else {
      throw PlumbError(
        "a field has another type", kind: .input, at: "\(place).\(name)", expected: expected,
        found: String(decoding: value.encoded(), as: UTF8.self))
    }
    return result
  }
}
