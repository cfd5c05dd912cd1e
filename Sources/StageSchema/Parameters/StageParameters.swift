import Basics

/// The typed, default-filled parameters of one cell. Reading a field that the schema lacks, or with another type, is a
/// defect of the stage and thrown as an error, not trapped.
public struct StageParameters: Sendable, Hashable {
  public let fields: [String: ParameterValue]

  public init(_ fields: [String: ParameterValue]) { self.fields = fields }

  public func integer(_ name: String) throws -> Int {
    guard let value = fields[name]?.integer else { throw wrong(name, "an integer") }
    return value
  }

  public func number(_ name: String) throws -> Double {
    guard let value = fields[name]?.number else { throw wrong(name, "a number") }
    return value
  }

  public func text(_ name: String) throws -> String {
    guard let value = fields[name]?.text else { throw wrong(name, "text") }
    return value
  }

  public func bool(_ name: String) throws -> Bool {
    guard let value = fields[name]?.bool else { throw wrong(name, "true or false") }
    return value
  }

  public func texts(_ name: String) throws -> [String] {
    guard let items = fields[name]?.list else { throw wrong(name, "a list") }
    return items.compactMap(\.text)
  }

  public func record(_ name: String) throws -> StageParameters {
    guard case .record(let inner)? = fields[name] else { throw wrong(name, "a mapping") }
    return StageParameters(inner)
  }

  /// Nil when an optional field was left out.
  public func optionalText(_ name: String) -> String? { fields[name]?.text }
  public func optionalInteger(_ name: String) -> Int? { fields[name]?.integer }
  public func value(_ name: String) -> ParameterValue { fields[name] ?? .null }

  private func wrong(_ name: String, _ expected: String) -> StageIssue {
    StageIssue(.parameter([name]), "parameter \(name) has the wrong type", expected: expected, found: fields[name]?.label ?? "nothing")
  }
}
