import OrderedCollections
public import StageSchema

/// The value of one field of a stage for every choice along the axes it mentions.
public struct FieldTemplate: Sendable {
  public let field: ParameterField
  /// Positions of the mentioned axes in `Pipeline.axes`, ascending; empty for a field with one value.
  public let axes: [Int]
  /// How many values each of them has.
  let counts: [Int]
  /// One value per choice, the last axis running fastest.
  let values: [ParameterValue]
  /// Each of them as it was written, with the place of every part; empty for a default.
  let written: [ResolvedValue]
  /// Where the field is filled in the stage; nil for a default.
  public let use: SourceRange?
  /// What of it comes from which axis.
  public let fills: [AxisFill]

  /// The value a field has when it is not given.
  init(default value: ParameterValue, of field: ParameterField) {
    self.init(field: field, axes: [], counts: [], values: [value], written: [], use: nil)
  }

  init(
    field: ParameterField, axes: [Int], counts: [Int], values: [ParameterValue], written: [ResolvedValue], use: SourceRange?,
    fills: [AxisFill] = []
  ) {
    self.field = field
    self.axes = axes
    self.counts = counts
    self.values = values
    self.written = written
    self.use = use
    self.fills = fills
  }

  /// The value for a choice: for each axis of the pipeline the position of its value.
  public func value(at choice: (Int) -> Int?) -> ParameterValue {
    let index = index(at: choice)
    return values.indices.contains(index) ? values[index] : .null
  }

  /// Where the value for a choice is written: at the literal, also when it came through a parameter. nil for a default.
  public func literal(at choice: (Int) -> Int?) -> SourceRange? {
    let index = index(at: choice)
    return written.indices.contains(index) ? written[index].range : use
  }

  /// Where every part of the value for a choice is written, by its path within the field: "" for a plain value, `b` or
  /// `levels[1]` for parts. Empty for a default.
  public func places(at choice: (Int) -> Int?) -> [String: SourceRange] {
    let index = index(at: choice)
    return written.indices.contains(index) ? written[index].places : [:]
  }

  private func index(at choice: (Int) -> Int?) -> Int {
    zip(axes, counts).reduce(0) { $0 * $1.1 + (choice($1.0) ?? 0) }
  }
}

extension FieldTemplate {
  /// Most choices along the axes one field may mention together.
  static let choiceLimit = 100_000

  /// The values of a field, typed; nil when one of them does not fit, which is noted.
  static func build(
    _ field: ParameterField, from expression: Expression, stage: String, in scope: ParameterScope, notes: inout [Diagnostic]
  ) -> FieldTemplate? {
    let axes = scope.axes(of: expression).sorted()
    let counts = axes.map { scope.axes[$0].values.count }
    var total = 1
    for count in counts {
      let (product, overflow) = total.multipliedReportingOverflow(by: count)
      guard !overflow, product <= choiceLimit else {
        notes.append(
          Diagnostic(.tooManyValues, "'\(field.name)' of stage '\(stage)' would have more than \(choiceLimit) values", at: expression.range)
        )
        return nil
      }
      total = product
    }
    var decoder = FieldDecoder(stage: stage, use: expression.range)
    var values: [ParameterValue] = []
    var written: [ResolvedValue] = []
    for index in 0..<total {
      var choice: [Int: Int] = [:]
      var rest = index
      for (axis, count) in zip(axes, counts).reversed() {
        choice[axis] = rest % count
        rest /= count
      }
      guard let resolved = scope.resolve(expression, at: choice, notes: &notes) else { continue }
      guard let value = decoder.decode(resolved, as: field, path: field.name) else { continue }
      values.append(value)
      written.append(resolved)
    }
    notes += decoder.notes
    guard values.count == total else { return nil }
    return FieldTemplate(
      field: field, axes: axes, counts: counts, values: values, written: written, use: expression.range,
      fills: scope.fills(of: expression).elements)
  }
}
