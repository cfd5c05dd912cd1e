import Basics

/// Takes typed fields out of a configuration and notices what nobody asked for. Every error's place is the field.
struct ConfigurationReader {
  private let fields: [String: JSONValue]
  private var known: Set<String> = []

  init(_ configuration: JSONValue) throws {
    guard let fields = configuration.object else {
      throw PlumbError("a network's configuration is an object of named arguments", kind: .input, at: "configuration")
    }
    self.fields = fields
  }

  /// A whole number in `range`; throws when it is absent and there is no default.
  mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
    guard let value = try value(name, isRequired: fallback == nil) else { return fallback ?? range.lowerBound }
    guard let number = value.integer, range.contains(number) else {
      throw wrong(name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// -1, which stands for "not given" in the original arguments, or a whole number in `range`.
  mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = try value(name, isRequired: false), value != .null, value.integer != -1 else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw wrong(name, expected: "-1 or a whole number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  mutating func flag(_ name: String, default fallback: Bool) throws -> Bool {
    guard let value = try value(name, isRequired: false) else { return fallback }
    guard let flag = value.bool else { throw wrong(name, expected: "true or false", value) }
    return flag
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>, default fallback: Double) throws -> Double {
    guard let value = try value(name, isRequired: false) else { return fallback }
    guard let number = value.double, range.contains(number) else {
      throw wrong(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// A list of `count` numbers in `range`.
  mutating func numbers(
    _ name: String, count: ClosedRange<Int>, in range: ClosedRange<Double>, default fallback: [Double]? = nil
  ) throws -> [Double] {
    guard let value = try value(name, isRequired: fallback == nil) else { return fallback ?? [] }
    // One item that does not fit is blamed by itself.
    for (index, item) in (value.list ?? []).enumerated() where !(item.double.map(range.contains) ?? false) {
      throw wrong("\(name)[\(index)]", expected: "a number from \(range.lowerBound) to \(range.upperBound)", item)
    }
    guard let numbers = value.doubles, count.contains(numbers.count) else {
      throw wrong(
        name, expected: "\(count.lowerBound) to \(count.upperBound) numbers from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return numbers
  }

  /// A list of `count` whole numbers in `range`.
  mutating func integers(
    _ name: String, count: ClosedRange<Int>, in range: ClosedRange<Int>, default fallback: [Int]? = nil
  ) throws -> [Int] {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    let numbers = try numbers(name, count: count, in: bounds, default: fallback?.map(Double.init))
    let integers = numbers.compactMap { Int(exactly: $0) }
    guard integers.count == numbers.count else {
      throw PlumbError("wrong value of the network's argument", kind: .input, at: name, expected: "whole numbers", found: "\(numbers)")
    }
    return integers
  }

  /// One of `words`.
  mutating func text(_ name: String, of words: [String], default fallback: String) throws -> String {
    guard let value = try value(name, isRequired: false) else { return fallback }
    guard let text = value.text, words.contains(text) else { throw wrong(name, expected: words.joined(separator: " or "), value) }
    return text
  }

  /// An argument that changes nothing that is computed here.
  mutating func ignore(_ name: String) { known.insert(name) }

  /// Throws when the configuration has a field that no reader asked for.
  func finish() throws {
    for name in fields.keys.sorted() where !known.contains(name) {
      var error = PlumbError("unknown argument of the network", kind: .input, at: name, expected: known.sorted().joined(separator: ", "))
      error.known = known.sorted()
      throw error
    }
  }

  private mutating func value(_ name: String, isRequired: Bool) throws -> JSONValue? {
    known.insert(name)
    guard let value = fields[name] else {
      if isRequired { throw PlumbError("the network's configuration lacks an argument", kind: .input, at: name) }
      return nil
    }
    return value
  }

  private func wrong(_ name: String, expected: String, _ value: JSONValue) -> PlumbError {
    PlumbError(
      "wrong value of the network's argument", kind: .input, at: name, expected: expected,
      found: String(decoding: value.encoded(), as: UTF8.self))
  }
}
