import OrderedCollections

/// Cells to leave out: those that have every axis named here, at one of the values named.
public struct Exclusion: Sendable {
  /// For each axis (its position in `Pipeline.axes`) the positions of the values that match.
  public let values: [Int: Set<Int>]
  public let range: SourceRange
}

extension Analysis {
  /// What the entry of `exclude` means, and why it means nothing when it does.
  func exclusion(_ entry: ExcludeSyntax) -> (Exclusion?, [Diagnostic]) {
    let axes = scope.axes
    let all = Set(axes.indices)
    var values: [Int: Set<Int>] = [:]
    var notes: [Diagnostic] = []
    for (name, labels) in entry.conditions {
      guard let (axis, field) = PickResolution.axis(name.value, axes: axes, available: all) else {
        let names = PickResolution.names(axes: axes, available: all)
        let suggestion = NearestName.of(name.value, among: names)
        var note = Diagnostic(
          .idleExclude, "no axis is called '\(name.value.shortened)', so nothing matches", at: name.range, suggestion: suggestion,
          help: suggestion == nil ? NearestName.listing(names) : nil)
        if let parameter = scope.parameters[name.value] {
          note.related = [.init("'\(name.value)' has one value", at: parameter.range)]
        } else if let meant = suggestion.flatMap({ PickResolution.axis($0, axes: axes, available: all) }) {
          note.related = [.init("'\(axes[meant.axis].name)' is declared here", at: axes[meant.axis].range)]
        }
        notes.append(note)
        continue
      }
      var matching: Set<Int> = []
      for label in labels {
        let found = axes[axis].indices(where: field, is: label.value)
        matching.formUnion(found)
        guard found.isEmpty else { continue }
        notes.append(
          Diagnostic(
            .idleExclude, "'\(name.value)' never is \(label.value.shortened), so nothing matches", at: label.range,
            related: [.init("its values are given here", at: axes[axis].range)]))
      }
      values[axis] = values[axis].map { $0.intersection(matching) } ?? matching
    }
    guard notes.isEmpty, !values.isEmpty else { return (nil, notes) }
    let named = Set(values.keys)
    if values.values.contains(where: \.isEmpty) {
      notes.append(Diagnostic(.idleExclude, "no value of an axis fits all of this, so nothing matches", at: entry.range))
    } else if !order.blocked.isEmpty || stages.contains(where: { !$0.isComplete || ($0.axes.map { named.isSubset(of: $0) } ?? true) }) {
      return (Exclusion(values: values, range: entry.range), [])
    } else {
      let names = named.sorted().map { axes[$0].name }.joined(separator: " and ")
      notes.append(Diagnostic(.idleExclude, "no stage varies along \(names), so nothing matches", at: entry.range))
    }
    return (nil, notes)
  }
}
