/// `default` names stages, or cells of them.
enum DefaultRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    guard let defaults = analysis.syntax.defaults else { return [] }
    var notes: [Diagnostic] = []
    if defaults.isEmpty, let key = analysis.syntax.keys["default"], analysis.syntax.defaultIsEmpty {
      notes.append(Diagnostic(.noValue, "'default' names no stage", at: key))
    }
    for target in defaults.map(\.value) where !analysis.stages.isEmpty {
      guard let index = analysis.indices[target.stage.value] else {
        if analysis.isLost(target.stage.value) { continue }
        notes.append(EdgeSourceRule.unknownStage(target.stage, in: analysis))
        continue
      }
      if let output = target.output {
        notes.append(
          Diagnostic(
            .badEdge, "'default' names stages and cells, not outputs", at: output.range, help: "write \(target.stage.value)"))
      }
      guard analysis.stages[index].isComplete, let axes = analysis.stages[index].axes else { continue }
      notes += PickResolution(target.conditions, stage: target.stage.value, axes: analysis.scope.axes, available: axes).notes
    }
    return notes
  }
}
