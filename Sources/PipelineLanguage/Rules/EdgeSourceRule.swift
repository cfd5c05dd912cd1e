import OrderedCollections
import StageSchema

/// Every edge comes from an output of a stage of the file.
enum EdgeSourceRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    // Without stages there is one reason for all of it.
    guard !analysis.stages.isEmpty else { return [] }
    return analysis.stages.flatMap(\.edges).compactMap { edge in
      guard let target = edge.syntax.target?.value, !edge.isField else { return nil }
      guard let source = edge.source else {
        if analysis.isLost(target.stage.value) { return nil }
        // A name with a dot in it has its own message.
        if let output = target.output, analysis.indices["\(target.stage.value).\(output.value)"] != nil { return nil }
        // A dot left out makes one word of a stage and its output.
        return unknownStage(target.stage, in: analysis, or: target.output == nil ? analysis.outputs(fitting: edge.accepts) : [])
      }
      guard edge.output == nil, let output = target.output, let descriptor = analysis.stages[source].descriptor else { return nil }
      let outputs = descriptor.outputs.map(\.name)
      let suggestion = NearestName.of(output.value, among: outputs)
      return Diagnostic(
        .unknownOutput, "stage '\(target.stage.value)' (\(descriptor.name)) has no output '\(output.value)'", at: output.range,
        suggestion: suggestion, help: suggestion == nil ? NearestName.listing(outputs) : nil)
    }
  }

  static func unknownStage(_ name: Located<String>, in analysis: Analysis, or outputs: [String] = []) -> Diagnostic {
    let names = analysis.nameableStages
    let suggestion = NearestName.of(name.value, among: names + outputs) ?? NearestName.of(name.value, among: names)
    let stage = suggestion.flatMap { analysis.indices[$0] }.map { analysis.stages[$0].syntax.name }
    let declared = stage ?? analysis.syntax.imports.first { $0.alias == suggestion }.map { Located($0.alias, $0.range) }
    var help = suggestion == nil ? NearestName.listing(names) : nil
    if name.value.hasPrefix("$") || analysis.scope.parameters[name.value] != nil {
      help = "an edge names a stage; parameters stand under 'with'"
    }
    return Diagnostic(
      .unknownStage, "no stage is called '\(name.value.shortened)'", at: name.range,
      related: declared.map { [.init("'\($0.value)' is declared here", at: $0.range)] } ?? [], suggestion: suggestion, help: help)
  }
}

extension Analysis {
  /// What the text of an edge can begin with: the stages, and the imports before theirs.
  var nameableStages: [String] { syntax.stages.map(\.name.value) + syntax.imports.map(\.alias) }

  /// The outputs a port can take, as an edge names them.
  fileprivate func outputs(fitting accepts: Set<PortType>?) -> [String] {
    stages.flatMap { stage in
      (stage.descriptor?.outputs ?? []).filter { accepts?.contains($0.type) ?? true }.map { "\(stage.syntax.name.value).\($0.name)" }
    }
  }

  /// Whether a name may stand in a file that could not be imported, or not in full.
  func isLost(_ stage: String) -> Bool {
    let first = stage.prefix { $0 != "." }
    return syntax.lostImports.contains { $0 == first || $0.hasPrefix(first + ".") }
  }
}
