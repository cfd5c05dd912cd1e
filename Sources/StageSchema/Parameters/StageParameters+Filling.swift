package import Basics

extension StageParameters {
  /// What `given` comes to as values of these fields, absent ones with their defaults: as a pipeline hands them to a stage. Ranges
  /// are not looked at. Throws for a value that belongs to no field, and for a field that must be given and is not.
  package init(_ given: [String: JSONValue], of fields: [ParameterField]) throws {
    self.init(try Self.filled(given, fields, path: []))
  }

  private static func filled(_ given: [String: JSONValue], _ fields: [ParameterField], path: [String]) throws -> [String: ParameterValue] {
    if let stranger = given.keys.filter({ name in !fields.contains { $0.name == name } }).min() {
      throw StageIssue(
        .parameter(path + [stranger]), "there is no such field", expected: fields.map(\.name).joined(separator: ", "), found: stranger)
    }
    var values: [String: ParameterValue] = [:]
    for field in fields {
      let value = given[field.name] ?? .null
      if case .record(let inner) = field.type, let object = value.object {
        values[field.name] = .record(try filled(object, inner, path: path + [field.name]))
      } else if value != .null {
        values[field.name] = ParameterValue(value)
      } else if let absent = field.defaultValue ?? (field.isOptional ? .null : nil) {
        values[field.name] = absent
      } else {
        throw StageIssue(.parameter(path + [field.name]), "the field is missing", expected: field.doc)
      }
    }
    return values
  }
}
