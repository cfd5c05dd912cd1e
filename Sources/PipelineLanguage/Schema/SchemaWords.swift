import Basics
import StageSchema

/// The parts of the schema that come from what stages declare.
enum SchemaWords {
  /// Where text is asked, a number or a flag without quotes is text too.
  static let text: JSONValue = ["string", "number", "boolean"]

  /// Inputs and fields of a stage.
  static func stage(_ stage: StageDescriptor) -> JSONValue {
    var required: [JSONValue] = []
    let inputs = stage.inputs.filter(\.isRequired)
    if !inputs.isEmpty || stage.needsOpenInputs { required.append("inputs") }
    let fields = stage.parameters.filter { $0.absentValue == nil }
    if !fields.isEmpty { required.append("with") }

    var ports: [String: JSONValue] = [
      "description": "Where each input comes from.", "type": inputs.isEmpty && !stage.needsOpenInputs ? ["object", "null"] : "object",
      "properties": .object(
        Dictionary(
          stage.inputs.map { port in
            let types = port.accepts.map(\.rawValue).sorted().joined(separator: " or ")
            return (port.name, ["allOf": [["$ref": "#/definitions/edge"]], "description": .text("\(types). \(port.doc)")])
          }, uniquingKeysWith: { first, _ in first })),
      "additionalProperties": stage.openInputs == nil ? false : ["$ref": "#/definitions/edge"],
    ]
    if !inputs.isEmpty { ports["required"] = .list(inputs.map { .text($0.name) }) }
    if stage.needsOpenInputs { ports["minProperties"] = 1 }
    var with = record(stage.parameters)
    if fields.isEmpty { with["type"] = ["object", "null"] }
    return [
      "description": .text(stage.doc), "required": .list(required), "properties": ["inputs": .object(ports), "with": .object(with)],
    ]
  }

  /// A closed object of fields.
  private static func record(_ fields: [ParameterField]) -> [String: JSONValue] {
    var schema: [String: JSONValue] = [
      "type": "object", "additionalProperties": false,
      "properties": .object(Dictionary(fields.map { ($0.name, field($0)) }, uniquingKeysWith: { first, _ in first })),
    ]
    let required = fields.filter { $0.absentValue == nil }
    if !required.isEmpty { schema["required"] = .list(required.map { .text($0.name) }) }
    return schema
  }

  private static func field(_ field: ParameterField) -> JSONValue {
    var choices: [JSONValue] = [value(field.type), ["$ref": "#/definitions/reference"], ["$ref": "#/definitions/template"]]
    if field.isOptional { choices.append(["type": "null"]) }
    let unit = field.unit.isEmpty ? "" : " (\(field.unit))"
    var schema: [String: JSONValue] = ["description": .text(field.doc + unit), "anyOf": .list(choices)]
    if let value = field.defaultValue { schema["default"] = value.json }
    return .object(schema)
  }

  private static func value(_ type: ParameterType) -> JSONValue {
    switch type {
    case .bool: return ["type": "boolean"]
    case .integer(let bounds):
      var schema: [String: JSONValue] = ["type": "integer"]
      if bounds.lowerBound != .min { schema["minimum"] = .integer(bounds.lowerBound) }
      if bounds.upperBound != .max { schema["maximum"] = .integer(bounds.upperBound) }
      return .object(schema)
    case .number(let bounds):
      var schema: [String: JSONValue] = ["type": "number"]
      if bounds.lowerBound > -Double.greatestFiniteMagnitude { schema["minimum"] = .number(bounds.lowerBound) }
      if bounds.upperBound < Double.greatestFiniteMagnitude { schema["maximum"] = .number(bounds.upperBound) }
      return .object(schema)
    case .text: return ["type": text]
    case .path: return ["type": text, "minLength": 1]
    case .sha256: return ["type": "string", "pattern": "^[0-9A-Fa-f]{64}$"]
    case .choice(let names): return ["type": "string", "enum": .list(names.map(JSONValue.text))]
    case .list(let item, let count):
      var schema: [String: JSONValue] = [
        "type": "array",
        "items": ["anyOf": [value(item), ["$ref": "#/definitions/reference"], ["$ref": "#/definitions/template"]]],
        "minItems": JSONValue(count.lowerBound),
      ]
      if count.upperBound != .max { schema["maxItems"] = JSONValue(count.upperBound) }
      return .object(schema)
    case .record(let fields): return .object(record(fields))
    case .open: return ["type": "object"]
    }
  }
}
