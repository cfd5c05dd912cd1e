/// Every edge comes from an output of a stage of the file.
enum EdgeSourceRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let names = analysis.syntax.stages.map(\.name.value)
    return analysis.stages.flatMap(\.edges).compactMap { edge in
      guard let target = edge.syntax.target?.value else { return nil }
      guard let source = edge.source else {
        return unknownStage(target.stage, among: names, parameters: analysis.scope)
      }
      guard edge.output == nil, let output = target.output, let descriptor = analysis.stages[source].descriptor else { return nil }
      let outputs = descriptor.outputs.map(\.name)
      let suggestion = NearestName.of(output.value, among: outputs)
      return Diagnostic(
        .unknownOutput, "stage '\(target.stage.value)' (\(descriptor.name)) has no output '\(output.value)'", at: output.range,
        suggestion: suggestion, help: suggestion == nil ? NearestName.listing(outputs) : nil)
    }
  }

  static func unknownStage(_ name: Located<String>, among names: [String], parameters: ParameterScope) -> Diagnostic {
    let suggestion = NearestName.of(name.value, among: names)
    var help = suggestion == nil ? NearestName.listing(names) : nil
    if name.value.hasPrefix("$") || parameters.parameters[name.value] != nil {
      help = "an edge names a stage; parameters stand under 'with'"
    }
    return Diagnostic(.unknownStage, "no stage is called '\(name.value.shortened)'", at: name.range, suggestion: suggestion, help: help)
  }
}
