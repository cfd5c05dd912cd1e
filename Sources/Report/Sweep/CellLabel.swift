import Basics

/// The value of one axis of a sweep.
struct Coordinate: Sendable {
  let axis: String
  let value: JSONValue

  /// lambda(i) = k i + b, when the axis sweeps Epsilon Scaling as a map or by one of its fields.
  var scaling: (k: Double?, b: Double?)? {
    if let fields = value.object {
      guard !fields.isEmpty, fields.keys.allSatisfy({ $0 == "k" || $0 == "b" }) else { return nil }
      guard fields.values.allSatisfy({ $0.double != nil }) else { return nil }
      return (fields["k"]?.double ?? 0, fields["b"]?.double ?? 1)
    }
    guard let number = value.double else { return nil }
    switch axis.split(separator: ".").last {
    case "b": return (nil, number)
    case "k": return (number, nil)
    default: return nil
    }
  }

  /// Its columns in a table: one per field for maps, else one. Values by column name.
  var columns: [(name: String, value: JSONValue)] {
    guard let fields = value.object, !fields.isEmpty else { return [(axis, value)] }
    // b before k, as people say it.
    return fields.sorted { $0.key < $1.key }.map { ("\(axis).\($0.key)", $0.value) }
  }

  /// `b = 1.02`, `λ(i) = 0.004 i + 1`, `steps = 20`.
  var text: String {
    if let (k, b) = scaling, value.object != nil, let k, let b {
      return k == 0 ? "b = \(NumberText.plain(b))" : "λ(i) = \(NumberText.plain(k)) i \(b < 0 ? "−" : "+") \(NumberText.plain(abs(b)))"
    }
    let name = scaling != nil ? String(axis.split(separator: ".").last ?? "") : axis
    guard let fields = value.object else { return "\(name) = \(Self.text(value))" }
    return fields.sorted { $0.key < $1.key }.map { "\($0.key) = \(Self.text($0.value))" }.joined(separator: ", ")
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): NumberText.plain(number)
    default: String(decoding: value.encoded(), as: UTF8.self)
    }
  }
}

/// A cell's name for people: in legends, tables and sentences.
struct CellLabel: Sendable {
  /// Only what is said of Epsilon Scaling ("b = 1.02"); all coordinates when no axis sweeps it.
  let scaling: String
  /// The other axes ("steps = 20, seed = 1"); empty when there are none or no axis sweeps Epsilon Scaling.
  let others: String
  let sweepsScaling: Bool

  init(coordinates: [Coordinate], fallback: String) {
    let scalings = coordinates.filter { $0.scaling != nil }
    let rest = coordinates.filter { $0.scaling == nil }
    sweepsScaling = !scalings.isEmpty
    let texts = (scalings.isEmpty ? rest : scalings).map(\.text)
    scaling = texts.isEmpty ? fallback : texts.joined(separator: ", ")
    others = scalings.isEmpty ? "" : rest.map(\.text).joined(separator: ", ")
  }

  var full: String { others.isEmpty ? scaling : "\(scaling), \(others)" }
}
