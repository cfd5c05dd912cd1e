public import Basics

/// What a stage says of one of its parameters. Decoding, validation, the JSON Schema, the help page and the key all
/// derive from this value.
public struct ParameterField: Sendable, Hashable {
  /// How a parameter may influence results.
  public enum Role: String, Sendable, Hashable {
    /// Enters the key: seed, steps, lambda.
    case identity
    /// How many samples: in the key of the merged result, never in a block's.
    case extent
    /// What is made of the samples once all are there: in the key of the merged result, never in a block's.
    case reduction
    /// Must not change a result: lanes, memory cap. Never in a key.
    case execution
    /// Titles and the like. Never in a key.
    case presentation
  }

  public let name: String
  public let type: ParameterType
  /// Filled in when the field is absent; nil means the field is required unless `isOptional`.
  public let defaultValue: ParameterValue?
  /// An absent optional field has the value `.null`.
  public let isOptional: Bool
  public let role: Role
  /// What it is about: a sweep over it is compared, or averaged, accordingly.
  public let meaning: FieldMeaning
  /// Unit, as printed after a value ("steps", "images"); empty for none.
  public let unit: String
  public let doc: String

  public init(
    _ name: String, _ type: ParameterType, default defaultValue: ParameterValue? = nil, optional: Bool = false, role: Role = .identity,
    meaning: FieldMeaning = .setting, unit: String = "", doc: String
  ) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.isOptional = optional
    self.role = role
    self.meaning = meaning
    self.unit = unit
    self.doc = doc
  }
}

/// The type of a parameter, with its range.
public indirect enum ParameterType: Sendable, Hashable {
  case bool
  case integer(ClosedRange<Int64>)
  /// A finite number in the range.
  case number(ClosedRange<Double>)
  case text
  /// A path of a file or folder; relative to the file in which its literal stands. Resolved to an absolute path.
  case path
  /// 64 hexadecimal digits.
  case sha256
  case choice([String])
  case list(of: ParameterType, count: ClosedRange<Int>)
  case record([ParameterField])
  /// Any mapping: its values are resolved by their YAML 1.2 core type (a network's configuration, checked by the network).
  case open

  public static var anyInteger: ParameterType { .integer(Int64.min...Int64.max) }
  public static var anyNumber: ParameterType { .number(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude) }
  public static func atLeast(_ low: Int64) -> ParameterType { .integer(low...Int64.max) }
}
