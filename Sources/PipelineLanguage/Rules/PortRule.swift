import StageSchema

/// Inputs are ports of the stage, and every required one is given.
enum PortRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { stage -> [Diagnostic] in
      guard let descriptor = stage.descriptor else { return [] }
      let name = stage.syntax.name
      var notes = stage.edges.filter { !$0.isKnownPort }.map { edge in
        let port = edge.syntax.port
        let known = descriptor.inputs.map(\.name)
        var help = edge.portSuggestion == nil ? NearestName.listing(known) : nil
        if known.isEmpty { help = "'\(descriptor.name)' takes no inputs" }
        if edge.isField { help = "'\(port.value)' is a field: it stands under 'with'" }
        return Diagnostic(
          .unknownInput, "stage '\(name.value)' (\(descriptor.name)) has no input '\(port.value.shortened)'", at: port.range,
          suggestion: edge.portSuggestion, help: help)
      }
      let given = Set(stage.edges.compactMap(\.port))
      // An input that stands under 'with', or in a mapping that could not be read, has its own message.
      let elsewhere = Set(stage.unknownFields.map(\.key.value)).union(stage.syntax.unknownKeys.map(\.value))
      let missing = descriptor.inputs.filter {
        $0.isRequired && !given.contains($0.name) && !elsewhere.contains($0.name) && !stage.syntax.unreadable.contains("inputs")
      }
      if !missing.isEmpty {
        let names = NameList.quoted(missing.map(\.name))
        let help = missing.map { port in
          "'\(port.name)' takes \(port.accepts.map(\.rawValue).sorted().joined(separator: " or ")): \(port.doc)"
        }
        notes.append(
          Diagnostic(
            .missingInput, "stage '\(name.value)' (\(descriptor.name)) needs the input\(missing.count > 1 ? "s" : "") \(names)",
            at: stage.syntax.keys["inputs"] ?? name.range, help: help.joined(separator: " ")))
      }
      if descriptor.needsOpenInputs, stage.syntax.inputs.isEmpty, !stage.syntax.unreadable.contains("inputs") {
        notes.append(
          Diagnostic(
            .missingInput, "stage '\(name.value)' (\(descriptor.name)) needs inputs", at: stage.syntax.keys["inputs"] ?? name.range))
      }
      return notes
    }
  }
}
