public import StageSchema

/// A parameter with several values.
public struct Axis: Sendable {
  public let name: String
  /// Parameters that are nothing but a reference to it, as `use` binds them; they name it as well.
  public internal(set) var aliases: [String] = []
  /// Where the parameter is declared.
  public let range: SourceRange
  /// In declared order, all different.
  public let values: [AxisValue]

  init(name: String, range: SourceRange, values: [(value: ParameterValue, range: SourceRange)]) {
    self.name = name
    self.range = range
    let labels = values.map { Self.labels(of: $0.value) }
    let varying = Self.varyingFields(labels)
    self.values = zip(values, labels).map { item, labels in
      AxisValue(
        value: item.value, range: item.range, labels: labels,
        named: labels.filter { varying.contains($0.field) }.map {
          AxisLabel(field: $0.field.isEmpty ? name : "\(name).\($0.field)", text: $0.text)
        })
    }
  }

  /// The fields of a map in alphabetical order, those of maps inside it joined by dots; the field "" is the value itself.
  private static func labels(of value: ParameterValue, at path: String = "") -> [AxisLabel] {
    guard case .record(let fields) = value, !fields.isEmpty else { return [AxisLabel(field: path, text: Label.of(value))] }
    return fields.sorted { $0.key < $1.key }.flatMap { labels(of: $0.value, at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
  }

  /// The fields that tell the values apart; all of them when there is only one value.
  private static func varyingFields(_ labels: [[AxisLabel]]) -> Set<String> {
    guard labels.count > 1, let first = labels.first else { return Set(labels.joined().map(\.field)) }
    let common = labels.dropFirst().reduce(into: Set(first)) { $0.formIntersection($1) }
    return Set(labels.joined().filter { !common.contains($0) }.map(\.field))
  }

  /// Positions of the values for which a field has a label; the field "" is the whole value.
  func indices(where field: String, is label: String) -> [Int] {
    values.indices.filter { index in
      let value = values[index]
      return value.labels.contains(AxisLabel(field: field, text: label)) || (field.isEmpty && Label.of(value.value) == label)
    }
  }

  func isCalled(_ name: String) -> Bool { self.name == name || aliases.contains(name) }

  func hasField(_ field: String) -> Bool { field.isEmpty || values.contains { $0.labels.contains { $0.field == field } } }
}

/// One value of an axis.
public struct AxisValue: Sendable {
  /// By its own looks; a field that it fills gives it its type.
  public let value: ParameterValue
  /// Where it is written.
  public let range: SourceRange
  /// Every field of it.
  public let labels: [AxisLabel]
  /// What names it among the values of the axis: `scaling.b=1.02`, `steps=20`.
  public let named: [AxisLabel]

  /// As in a cell's name: `scaling.b=1.02,scaling.k=0`.
  public var name: String { named.map { "\($0.field)=\($0.text)" }.joined(separator: ",") }
}

/// A field of an axis and the short text of its value.
public struct AxisLabel: Sendable, Hashable {
  public let field: String
  public let text: String
}
