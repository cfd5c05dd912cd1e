/// Finds the axis values that conditions such as `scaling.b=1.02` mean.
package struct PickResolution {
  /// For each axis that is conditioned, the values for which all conditions hold.
  package private(set) var matches: [Int: Set<Int>] = [:]
  package private(set) var notes: [Diagnostic] = []

  /// - Parameter available: the axes the stage has.
  package init(_ conditions: [CellReference.Condition], stage: String, axes: [Axis], available: Set<Int>) {
    var places: [Int: SourceRange] = [:]
    for condition in conditions {
      guard let (axis, field) = Self.axis(condition.axis.value, axes: axes, available: available) else {
        notes.append(Self.unknownAxis(condition.axis, stage: stage, axes: axes, available: available))
        continue
      }
      let found = Set(axes[axis].indices(where: field, is: Label.normal(condition.value.value)))
      if found.isEmpty {
        notes.append(Self.unknownValue(condition, of: axes[axis], field: field))
      } else {
        places[axis] = places[axis].map { $0.joined(to: condition.value.range) } ?? condition.axis.range.joined(to: condition.value.range)
        matches[axis] = matches[axis].map { $0.intersection(found) } ?? found
      }
    }
    for (axis, values) in matches.sorted(by: { $0.key < $1.key }) where values.isEmpty {
      let place = places[axis] ?? axes[axis].range
      notes.append(
        Diagnostic(
          .unknownAxisValue, "'\(axes[axis].name)' has no value for which all of this holds", at: place,
          help: NearestName.listing(axes[axis].values.map(\.name))))
    }
  }

  /// The axis a name means and the field of it: an axis, or `axis.field`.
  static func axis(_ name: String, axes: [Axis], available: Set<Int>) -> (axis: Int, field: String)? {
    // The longest name wins: an axis made by --set has dots in its own name.
    available.sorted { (axes[$0].name.utf8.count, $1) > (axes[$1].name.utf8.count, $0) }.lazy.compactMap { index -> (Int, String)? in
      let axis = axes[index]
      if axis.isCalled(name) { return (index, "") }
      for known in [axis.name] + axis.aliases where name.hasPrefix(known + ".") {
        let field = String(name.dropFirst(known.count + 1))
        if axis.hasField(field) { return (index, field) }
      }
      return nil
    }.first
  }

  /// The names by which the values of the axes can be picked.
  static func names(axes: [Axis], available: Set<Int>) -> [String] {
    var names: [String] = []
    for index in available.sorted() {
      var fields = Set<String>()
      for value in axes[index].values { fields.formUnion(value.labels.map(\.field)) }
      names += fields.sorted().map { $0.isEmpty ? axes[index].name : "\(axes[index].name).\($0)" }
    }
    return names
  }

  private static func unknownAxis(_ name: Located<String>, stage: String, axes: [Axis], available: Set<Int>) -> Diagnostic {
    let names = names(axes: axes, available: available)
    let elsewhere = axes.firstIndex { $0.name == name.value || name.value.hasPrefix($0.name + ".") }
    // `b` for `scaling.b`.
    let fields = names.filter { $0.hasSuffix("." + name.value) }
    let suggestion = fields.count == 1 ? fields.first : NearestName.of(name.value, among: names + available.map { axes[$0].name })
    var diagnostic = Diagnostic(
      .unknownAxis, "the cells of stage '\(stage)' have no axis '\(name.value)'", at: name.range, suggestion: suggestion)
    if let elsewhere, !available.contains(elsewhere), suggestion == nil {
      diagnostic.related = [
        .init("'\(axes[elsewhere].name)' varies, but stage '\(stage)' does not depend on it", at: axes[elsewhere].range)
      ]
    }
    if suggestion == nil {
      diagnostic.help = names.isEmpty ? "stage '\(stage)' has one cell: write '\(stage)'" : NearestName.listing(names)
    }
    return diagnostic
  }

  private static func unknownValue(_ condition: CellReference.Condition, of axis: Axis, field: String) -> Diagnostic {
    var labels: [String] = []
    for value in axis.values {
      if field.isEmpty, !value.labels.contains(where: { $0.field.isEmpty }) {
        labels.append(value.name)
      } else if let label = value.labels.first(where: { $0.field == field }), !labels.contains(label.text) {
        labels.append(label.text)
      }
    }
    // Two numbers are not slips of each other.
    let suggestion = CoreSchema.isNumeric(condition.value.value) ? nil : NearestName.of(condition.value.value, among: labels)
    return Diagnostic(
      .unknownAxisValue, "'\(condition.axis.value)' has no value \(condition.value.value)", at: condition.value.range,
      related: [.init("its values are given here", at: axis.range)], suggestion: suggestion,
      help: suggestion == nil ? NearestName.listing(labels) : nil)
  }
}
