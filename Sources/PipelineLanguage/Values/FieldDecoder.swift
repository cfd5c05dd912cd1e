import StageSchema

/// Gives values the type of the field they fill.
struct FieldDecoder {
  let stage: String
  /// Where the field is filled; a value that comes from a parameter is written elsewhere.
  let use: SourceRange
  private(set) var notes: [Diagnostic] = []

  init(stage: String, use: SourceRange) {
    self.stage = stage
    self.use = use
  }

  /// The typed value, or nil when it does not fit, which is noted at its literal.
  mutating func decode(_ value: ResolvedValue, as field: ParameterField, path: String) -> ParameterValue? {
    if value.isNull {
      if field.isOptional { return .null }
      note(.noValue, "'\(path)' of stage '\(stage)' needs a value: \(field.type.inWords)", at: value.range)
      return nil
    }
    return decode(value, as: field.type, path: path)
  }

  private mutating func decode(_ value: ResolvedValue, as type: ParameterType, path: String) -> ParameterValue? {
    if let sweep = Self.sweep(in: value) {
      note(
        .misplacedSweep, "a sweep cannot stand in a field", at: sweep,
        help: "declare a parameter under 'params' with this sweep, and write $name here")
      return nil
    }
    switch (type, value) {
    case (.list(let item, let count), .list(let items, let range)): return list(items, of: item, count: count, path: path, at: range)
    case (.record(let fields), .map(let entries, let range)): return record(entries, fields, path: path, at: range)
    case (.open, .map): return open(value)
    case (.list, _), (.record, _), (.open, _), (_, .list), (_, .map): return mismatch(value, type, path: path)
    case (_, .scalar(let text, let isPlain, let range)):
      return isPlain && CoreSchema.isNull(text)
        ? mismatch(value, type, path: path) : scalar(text, isPlain: isPlain, value, type, path, range)
    }
  }

  private mutating func scalar(
    _ text: String, isPlain: Bool, _ value: ResolvedValue, _ type: ParameterType, _ path: String, _ range: SourceRange
  ) -> ParameterValue? {
    switch type {
    case .bool:
      guard isPlain, let flag = CoreSchema.bool(text) else { return mismatch(value, type, path: path) }
      return .bool(flag)
    case .integer(let bounds):
      guard isPlain, let number = CoreSchema.number(text) else { return mismatch(value, type, path: path) }
      guard let whole = CoreSchema.integer(text) ?? Int64(exactly: number) else { return mismatch(value, type, path: path) }
      guard bounds.contains(whole) else { return outOfRange(text, type, path: path, at: range) }
      return .integer(whole)
    case .number(let bounds):
      guard isPlain, let number = CoreSchema.number(text) else { return mismatch(value, type, path: path) }
      guard bounds.contains(number) else { return outOfRange(text, type, path: path, at: range) }
      // One zero: -0.0 equals 0.0 but has other bits, and the bits enter keys.
      return .number(number == 0 ? 0 : number)
    case .text: return .text(text)
    case .path:
      guard !text.isEmpty else { return mismatch(value, type, path: path) }
      return .text(PathText.absolute(text, in: range.source.directory))
    case .sha256:
      guard text.utf8.count == 64, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return mismatch(value, type, path: path) }
      return .text(text.lowercased())
    case .choice(let names):
      guard names.contains(text) else {
        let suggestion = NearestName.of(text, among: names)
        note(
          .unknownChoice, "'\(path)' of stage '\(stage)' must be \(type.inWords); found '\(text.shortened)'", at: range,
          suggestion: suggestion)
        return nil
      }
      return .text(text)
    case .list, .record, .open: return mismatch(value, type, path: path)
    }
  }

  private mutating func list(
    _ items: [ResolvedValue], of type: ParameterType, count: ClosedRange<Int>, path: String, at range: SourceRange
  ) -> ParameterValue? {
    guard count.contains(items.count) else {
      let words =
        count.lowerBound == count.upperBound
        ? "\(count.lowerBound)" : count.upperBound == .max ? "at least \(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      note(.wrongCount, "'\(path)' of stage '\(stage)' must have \(words) items; found \(items.count)", at: range)
      return nil
    }
    var values: [ParameterValue] = []
    for (index, item) in items.enumerated() {
      if let value = decode(item, as: type, path: "\(path)[\(index)]") { values.append(value) }
    }
    return values.count == items.count ? .list(values) : nil
  }

  private mutating func record(
    _ entries: [ResolvedValue.Entry], _ fields: [ParameterField], path: String, at range: SourceRange
  ) -> ParameterValue? {
    var values: [String: ParameterValue] = [:]
    var given: Set<String> = []
    var isComplete = true
    for entry in entries {
      var name = entry.key.value
      if !fields.contains(where: { $0.name == name }) {
        let names = fields.map(\.name)
        let open = names.filter { name in !entries.contains { $0.key.value == name } }
        let suggestion = NearestName.of(name, among: open) ?? NearestName.of(name, among: names) ?? NearestName.left(for: name, among: open)
        note(
          .unknownField, "'\(path)' of stage '\(stage)' has no field '\(name.shortened)'", at: entry.key.range, suggestion: suggestion,
          help: suggestion == nil ? MismatchHelp.decimalComma(entry) ?? NearestName.listing(names) : nil)
        isComplete = false
        name = suggestion ?? name
      }
      given.insert(name)
      guard let field = fields.first(where: { $0.name == name }) else { continue }
      if let value = decode(entry.value, as: field, path: "\(path).\(name)") { values[name] = value } else { isComplete = false }
    }
    var missing: [ParameterField] = []
    for field in fields where !given.contains(field.name) {
      if let value = field.absentValue { values[field.name] = value } else { missing.append(field) }
    }
    if !missing.isEmpty {
      note(
        .missingField,
        "'\(path)' of stage '\(stage)' needs the field\(missing.count > 1 ? "s" : "") \(NameList.quoted(missing.map(\.name)))",
        at: range, help: missing.map { "\($0.name): \($0.type.inWords)" }.joined(separator: "; "))
      isComplete = false
    }
    return isComplete ? .record(values) : nil
  }

  /// Resolved by the core schema; numbers too large to be finite are refused.
  private mutating func open(_ value: ResolvedValue) -> ParameterValue? {
    switch value {
    case .scalar(let text, let isPlain, let range):
      if isPlain, CoreSchema.isNumeric(text), CoreSchema.number(text) == nil {
        note(.outOfRange, "'\(text.shortened)' is not a finite number", at: range)
        return nil
      }
      return value.core
    case .list(let items, _):
      let values = items.map { open($0) }
      return values.contains(nil) ? nil : .list(values.compactMap { $0 })
    case .map(let entries, _):
      var fields: [String: ParameterValue] = [:]
      for entry in entries {
        guard let field = open(entry.value) else { return nil }
        fields[entry.key.value] = field
      }
      return .record(fields)
    }
  }

  private mutating func mismatch(_ value: ResolvedValue, _ type: ParameterType, path: String) -> ParameterValue? {
    let help = MismatchHelp.of(value, as: type)
    note(.wrongType, "'\(path)' of stage '\(stage)' must be \(type.inWords); found \(value.kindName)", at: value.range, help: help)
    return nil
  }

  private mutating func outOfRange(_ text: String, _ type: ParameterType, path: String, at range: SourceRange) -> ParameterValue? {
    note(.outOfRange, "'\(path)' of stage '\(stage)' must be \(type.inWords); found \(text.shortened)", at: range)
    return nil
  }

  private mutating func note(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, suggestion: String? = nil, help: String? = nil
  ) {
    let isElsewhere = !use.contains(range)
    notes.append(
      Diagnostic(
        code, message, at: range, related: isElsewhere ? [.init("used here", at: use)] : [], suggestion: suggestion, help: help))
  }

  private static func sweep(in value: ResolvedValue) -> SourceRange? {
    guard case .map(let entries, _) = value, entries.count == 1, let entry = entries.first, entry.key.value == "sweep" else { return nil }
    return entry.key.range
  }
}
