extension SyntaxReader {
  /// Reads a parameter: `{sweep: …}` has several values, everything else one.
  static func parameter(_ name: Located<String>, _ node: YAMLNode, notes: inout [Diagnostic]) -> ParameterSyntax {
    var parameter = ParameterSyntax(name: name.value, range: name.range, isAxis: false, values: [])
    guard let mapping = node.mapping, let sweep = sweepEntry(mapping, notes: &notes) else {
      if node.isNull, node.range == name.range {
        notes.append(Diagnostic(.noValue, "the parameter '\(name.value.shortened)' has no value", at: name.range))
      }
      parameter.values = [Expression(node, notes: &notes)]
      return parameter
    }
    parameter.isAxis = true
    // `{sweep: 10, 20}` lacks its brackets, which is told at the 10.
    let lacksBrackets = sweep.value.scalar.map { $0.isPlain && DecimalRange($0.text) == nil } ?? false
    for entry in mapping where entry.key.value != sweep.key.value && !(lacksBrackets && entry.value.isNull) {
      notes.append(
        Diagnostic(
          .unknownKey, "'\(entry.key.value.shortened)' cannot stand beside 'sweep'", at: entry.key.range,
          help: "write the values that belong together as maps: {sweep: [{a: 1, b: 2}, {a: 3, b: 4}]}"))
    }
    parameter.values = sweepValues(sweep.value, of: name, notes: &notes)
    return parameter
  }

  private static func sweepEntry(_ mapping: [YAMLEntry], notes: inout [Diagnostic]) -> YAMLEntry? {
    if let sweep = mapping.first(where: { $0.key.value == "sweep" }) { return sweep }
    // A lone list under nearly that name can hardly be meant as a value.
    guard mapping.count == 1, let entry = mapping.first, entry.value.sequence != nil,
      NearestName.of(entry.key.value, among: ["sweep"]) != nil
    else { return nil }
    notes.append(
      Diagnostic(.unknownKey, "'\(entry.key.value.shortened)' is not a key of a parameter", at: entry.key.range, suggestion: "sweep"))
    return entry
  }

  /// The values of an axis; ranges are written out.
  static func sweepValues(_ node: YAMLNode, of name: Located<String>, notes: inout [Diagnostic]) -> [Expression] {
    let items: [YAMLNode]
    if let list = node.sequence {
      items = list
    } else if let text = node.scalar, text.isPlain, DecimalRange(text.text) != nil {
      items = [node]
    } else {
      notes.append(
        Diagnostic(
          node.isNull ? .emptySweep : .wrongShape,
          "the sweep of '\(name.value)' must be a list of values or a range; found \(node.kindName)",
          at: node.range, help: "values stand in square brackets: {sweep: [1, 2, 3]} or {sweep: [1.0:1.03:0.005]}"))
      return []
    }
    if items.isEmpty {
      notes.append(
        Diagnostic(.emptySweep, "the sweep of '\(name.value)' has no values", at: node.range, help: "give it at least one value"))
    }
    let values = items.flatMap { item in expanded(item, notes: &notes) }
    if values.count > DecimalRange.limit {
      notes.append(
        Diagnostic(
          .tooManyValues, "the sweep of '\(name.value)' has \(values.count) values; at most \(DecimalRange.limit) are taken", at: node.range
        ))
      return []
    }
    return values
  }

  /// The values one item of a sweep stands for: itself, or those of a range.
  static func expanded(_ node: YAMLNode, notes: inout [Diagnostic]) -> [Expression] {
    guard let scalar = node.scalar, scalar.isPlain, let range = DecimalRange(scalar.text) else { return combined(node, notes: &notes) }
    do {
      return try range.values().map { .literal(Expression.Literal(text: $0, isPlain: true, range: node.range)) }
    } catch {
      let message =
        switch error as? DecimalRange.Problem {
        case .noStep: "the range '\(scalar.text)' has the step 0"
        case .wrongWay: "the range '\(scalar.text)' never reaches its end: its step leads the other way"
        case .tooManyDigits: "the range '\(scalar.text)' has too many digits"
        case .tooMany, nil: "the range '\(scalar.text)' has more than \(DecimalRange.limit) values"
        }
      notes.append(
        Diagnostic(
          (error as? DecimalRange.Problem) == .tooMany ? .tooManyValues : .badRange, message, at: node.range,
          help: "a range is first:last:step, both ends included"))
      return []
    }
  }

  /// A map in a sweep stands for every combination of the values of its ranges, the last range running fastest.
  private static func combined(_ node: YAMLNode, notes: inout [Diagnostic]) -> [Expression] {
    var values = [Expression(node, notes: &notes)]
    for entry in node.mapping ?? [] {
      guard let scalar = entry.value.scalar, scalar.isPlain, DecimalRange(scalar.text) != nil else { continue }
      let steps = expanded(entry.value, notes: &notes)
      guard values.count * steps.count <= DecimalRange.limit else {
        notes.append(
          Diagnostic(.tooManyValues, "the ranges of this map give more than \(DecimalRange.limit) values together", at: node.range))
        return []
      }
      values = values.flatMap { value in steps.compactMap { value.setting([entry.key][...], to: $0) } }
    }
    return values
  }
}
