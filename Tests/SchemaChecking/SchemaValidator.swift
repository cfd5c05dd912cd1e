import Basics

/// As much of JSON Schema (draft-07) as our schema uses: the other side of the agreement between schema and program.
public struct SchemaValidator: Sendable {
  public let root: JSONValue

  public init(root: JSONValue) { self.root = root }

  public func accepts(_ value: JSONValue) -> Bool { accepts(value, root) }

  /// Keywords in the schema that this validator does not know.
  public var unknownKeywords: Set<String> { unknown(root) }

  private static let keywords: Set<String> = [
    "$schema", "$ref", "title", "description", "default", "type", "const", "enum", "pattern", "minLength", "minimum", "maximum", "items",
    "minItems", "maxItems", "uniqueItems", "required", "properties", "additionalProperties", "propertyNames", "minProperties", "anyOf",
    "oneOf", "allOf", "not", "if", "then", "definitions",
  ]

  private func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    if let flag = schema.bool { return flag }
    guard let rules = schema.object else { return false }
    return rules.allSatisfy { holds($0.key, $0.value, value, rules) }
  }

  private func holds(_ keyword: String, _ rule: JSONValue, _ value: JSONValue, _ rules: [String: JSONValue]) -> Bool {
    switch keyword {
    case "$ref": return definition(rule.text ?? "").map { accepts(value, $0) } ?? false
    case "type": return (rule.list ?? [rule]).contains { $0.text.map { isOfType(value, $0) } ?? false }
    case "const": return value == rule
    case "enum": return rule.list?.contains(value) ?? false
    case "pattern":
      guard let text = value.text else { return true }
      guard let pattern = try? Regex(rule.text ?? "") else { return false }
      return text.contains(pattern)
    case "minLength": return value.text.map { $0.count >= rule.integer ?? 0 } ?? true
    case "minimum": return value.double.map { $0 >= rule.double ?? 0 } ?? true
    case "maximum": return value.double.map { $0 <= rule.double ?? 0 } ?? true
    case "items": return value.list?.allSatisfy { accepts($0, rule) } ?? true
    case "minItems": return value.list.map { $0.count >= rule.integer ?? 0 } ?? true
    case "maxItems": return value.list.map { $0.count <= rule.integer ?? 0 } ?? true
    case "uniqueItems": return value.list.map { Set($0).count == $0.count } ?? true
    case "required": return value.object.map { fields in rule.list?.allSatisfy { fields[$0.text ?? ""] != nil } ?? true } ?? true
    case "properties":
      return value.object?.allSatisfy { field in rule[field.key].map { accepts(field.value, $0) } ?? true } ?? true
    case "additionalProperties":
      let known = rules["properties"]?.object ?? [:]
      return value.object?.allSatisfy { known[$0.key] != nil || accepts($0.value, rule) } ?? true
    case "propertyNames": return value.object?.keys.allSatisfy { accepts(.text($0), rule) } ?? true
    case "minProperties": return value.object.map { $0.count >= rule.integer ?? 0 } ?? true
    case "anyOf": return rule.list?.contains { accepts(value, $0) } ?? false
    case "oneOf": return rule.list?.count { accepts(value, $0) } == 1
    case "allOf": return rule.list?.allSatisfy { accepts(value, $0) } ?? false
    case "not": return !accepts(value, rule)
    case "if": return !accepts(value, rule) || accepts(value, rules["then"] ?? true)
    default: return true
    }
  }

  private func isOfType(_ value: JSONValue, _ type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("number", .integer), ("number", .number), ("integer", .integer), ("string", .text),
      ("array", .list), ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private func definition(_ reference: String) -> JSONValue? {
    guard reference.hasPrefix("#/definitions/") else { return nil }
    return root["definitions"]?[String(reference.dropFirst("#/definitions/".count))]
  }

  private func unknown(_ schema: JSONValue) -> Set<String> {
    guard let rules = schema.object else { return [] }
    var found = Set(rules.keys).subtracting(Self.keywords)
    for (keyword, rule) in rules {
      switch keyword {
      case "properties", "definitions": for inner in (rule.object ?? [:]).values { found.formUnion(unknown(inner)) }
      case "anyOf", "oneOf", "allOf": for inner in rule.list ?? [] { found.formUnion(unknown(inner)) }
      case "items", "additionalProperties", "propertyNames", "not", "if", "then": found.formUnion(unknown(rule))
      default: break
      }
    }
    return found
  }

  /// Paths of properties without a description, and of objects that name properties but take any other.
  public var gaps: [String] {
    var found: [String] = []
    collectGaps(root, "", &found)
    return found.sorted()
  }

  private func collectGaps(_ schema: JSONValue, _ path: String, _ found: inout [String]) {
    guard let rules = schema.object else { return }
    let isPart =
      path.hasSuffix("/if") || path.hasSuffix("/then") || path.hasSuffix("/not")
      || (path.hasPrefix("definitions/stage:") && !path.dropFirst("definitions/".count).contains("/"))
    for (name, property) in rules["properties"]?.object ?? [:] {
      let described = property["description"] ?? property["$ref"].flatMap { definition($0.text ?? "")?["description"] }
      if described == nil, !isPart, property != true { found.append("\(path)/\(name): no description") }
      collectGaps(property, "\(path)/\(name)", &found)
    }
    if rules["properties"] != nil, rules["additionalProperties"] == nil, !isPart { found.append("\(path): open") }
    for (keyword, rule) in rules {
      switch keyword {
      case "definitions": for (name, inner) in rule.object ?? [:] { collectGaps(inner, "definitions/\(name)", &found) }
      case "anyOf", "oneOf", "allOf":
        for (index, inner) in (rule.list ?? []).enumerated() { collectGaps(inner, "\(path)/\(index)", &found) }
      case "items", "additionalProperties", "not", "if", "then": collectGaps(rule, "\(path)/\(keyword)", &found)
      default: break
      }
    }
  }
}
