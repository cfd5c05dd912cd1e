import Basics

/// Takes typed fields out of a configuration and notices what nobody asked for. What is wrong with single fields is
/// collected, a fallback taken in their place, and told by `finish` all at once; every error's place is the field.
struct ConfigurationReader {
  private let fields: [String: JSONValue]
  private var known: Set<String> = []
  private var faults: [PlumbError] = []

  init(_ configuration: JSONValue) throws {
    guard let fields = configuration.object else {
      throw PlumbError("a network's configuration is an object of named arguments", kind: .input, at: "configuration")
    }
    self.fields = fields
  }

  /// Throws when a field is absent, wrong, or one that no reader asked for; one error, with the further ones in it. How the
  /// fields fit together is to be checked after it.
  func finish() throws {
    let names = known.sorted()
    let strangers = fields.keys.sorted().filter { !known.contains($0) }.map { name in
      fault("unknown argument of the network", name, .unknownName(known: names), expected: names.joined(separator: ", "))
    }
    // What lacks beside a name that nobody knows is most likely that name.
    let others = faults.filter { strangers.isEmpty || $0.fault != .absent }
    var all = strangers + others
    guard !all.isEmpty else { return }
    var first = all.removeFirst()
    first.further = all
    throw first
  }

  /// A whole number in `range`; it has to be there when there is no default.
  mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
    let other = fallback ?? range.lowerBound
    guard let value = value(name, isRequired: fallback == nil) else { return other }
    guard let number = value.integer, range.contains(number) else {
      wrong(name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
      return other
    }
    return number
  }

  /// -1, which stands for "not given" in the original arguments, or a whole number in `range`.
  mutating func optionalInteger(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let value = value(name, isRequired: false), value != .null, value.integer != -1 else { return nil }
    guard let number = value.integer, range.contains(number) else {
      wrong(name, expected: "-1 or a whole number from \(range.lowerBound) to \(range.upperBound)", value)
      return nil
    }
    return number
  }

  mutating func flag(_ name: String, default fallback: Bool) -> Bool {
    guard let value = value(name, isRequired: false) else { return fallback }
    guard let flag = value.bool else {
      wrong(name, expected: "true or false", value)
      return fallback
    }
    return flag
  }

  mutating func number(_ name: String, in range: ClosedRange<Double>, default fallback: Double) -> Double {
    guard let value = value(name, isRequired: false) else { return fallback }
    guard let number = value.double, range.contains(number) else {
      wrong(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", value)
      return fallback
    }
    return number
  }

  /// A list of `count` numbers in `range`.
  mutating func numbers(
    _ name: String, count: ClosedRange<Int>, in range: ClosedRange<Double>, default fallback: [Double]? = nil
  ) -> [Double] {
    let other = fallback ?? Array(repeating: range.lowerBound, count: count.lowerBound)
    guard let value = value(name, isRequired: fallback == nil) else { return other }
    // Items that do not fit are blamed by themselves.
    let misfits = (value.list ?? []).enumerated().filter { !($0.element.double.map(range.contains) ?? false) }
    for (index, item) in misfits {
      wrong("\(name)[\(index)]", expected: "a number from \(range.lowerBound) to \(range.upperBound)", item)
    }
    guard misfits.isEmpty else { return other }
    guard let numbers = value.doubles, count.contains(numbers.count) else {
      wrong(name, expected: "\(count.lowerBound) to \(count.upperBound) numbers from \(range.lowerBound) to \(range.upperBound)", value)
      return other
    }
    return numbers
  }

  /// A list of `count` whole numbers in `range`.
  mutating func integers(
    _ name: String, count: ClosedRange<Int>, in range: ClosedRange<Int>, default fallback: [Int]? = nil
  ) -> [Int] {
    let bounds = Double(range.lowerBound)...Double(range.upperBound)
    let numbers = numbers(name, count: count, in: bounds, default: fallback?.map(Double.init))
    let integers = numbers.compactMap { Int(exactly: $0) }
    guard integers.count == numbers.count else {
      refuse(name, "wrong value of the network's argument", expected: "whole numbers", found: "\(numbers)")
      return fallback ?? Array(repeating: range.lowerBound, count: count.lowerBound)
    }
    return integers
  }

  /// One of `words`.
  mutating func text(_ name: String, of words: [String], default fallback: String) -> String {
    guard let value = value(name, isRequired: false) else { return fallback }
    guard let text = value.text, words.contains(text) else {
      wrong(name, expected: words.joined(separator: " or "), value)
      return fallback
    }
    return text
  }

  /// One of the words of an enumeration.
  mutating func choice<Word: RawRepresentable & CaseIterable>(_ name: String, default fallback: Word) -> Word
  where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    let word = text(name, of: words, default: fallback.rawValue)
    return Word(rawValue: word) ?? fallback
  }

  /// Throws unless pictures of `size` rows can be halved for every level but the first.
  static func check(_ size: Int, at place: String, canBeHalvedFor levels: Int) throws {
    let divisor = 1 << (levels - 1)
    guard size % divisor == 0 else {
      throw PlumbError(
        "the picture cannot be halved once for every level but the first", kind: .input, at: place, expected: "a multiple of \(divisor)",
        found: "\(size)")
    }
  }

  /// An argument that changes nothing that is computed here.
  mutating func ignore(_ name: String) { known.insert(name) }

  /// Takes back a name that another architecture's reader asked for.
  mutating func forget(_ name: String) { known.remove(name) }

  /// Says that a field is needed that may lack by itself.
  mutating func lack(_ name: String) { faults.append(fault("the network's configuration lacks an argument", name, .absent)) }

  /// Blames a field that was read.
  mutating func refuse(_ name: String, _ message: String, expected: String, found: String?) {
    faults.append(fault(message, name, .wrongValue, expected: expected, found: found))
  }

  private mutating func wrong(_ name: String, expected: String, _ value: JSONValue) {
    refuse(
      name, "wrong value of the network's argument", expected: expected, found: String(decoding: value.encoded(), as: UTF8.self))
  }

  private mutating func value(_ name: String, isRequired: Bool) -> JSONValue? {
    known.insert(name)
    if isRequired, fields[name] == nil { lack(name) }
    return fields[name]
  }

  private func fault(
    _ message: String, _ name: String, _ fault: PlumbError.Fault, expected: String? = nil, found: String? = nil
  ) -> PlumbError {
    var error = PlumbError(message, kind: .input, at: name, expected: expected, found: found)
    error.fault = fault
    return error
  }
}
