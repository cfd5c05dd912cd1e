import StageSchema

/// Keys under `with` are fields of the stage, and every required field is given.
enum FieldNameRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { stage -> [Diagnostic] in
      guard let descriptor = stage.descriptor else { return [] }
      let name = stage.syntax.name
      var notes = stage.unknownFields.map { key, suggestion in
        let known = descriptor.parameters.map(\.name)
        var help = suggestion == nil ? NearestName.listing(known) : nil
        if known.isEmpty { help = "'\(descriptor.name)' has no fields" }
        if descriptor.input(key.value) != nil { help = "'\(key.value)' is an input: it stands under 'inputs'" }
        return Diagnostic(
          .unknownField, "stage '\(name.value)' (\(descriptor.name)) has no field '\(key.value.shortened)'", at: key.range,
          suggestion: suggestion, help: help)
      }
      let given = Set(stage.fields.map(\.field.name))
      // A field that stands elsewhere, or in a mapping that could not be read, has its own message.
      let elsewhere = Set(stage.edges.filter(\.isField).map(\.syntax.port.value)).union(stage.syntax.unknownKeys.map(\.value))
      let missing = descriptor.parameters.filter {
        $0.absentValue == nil && !given.contains($0.name) && !elsewhere.contains($0.name) && !stage.syntax.unreadable.contains("with")
      }
      if !missing.isEmpty {
        let names = NameList.quoted(missing.map(\.name))
        notes.append(
          Diagnostic(
            .missingField, "stage '\(name.value)' (\(descriptor.name)) needs the field\(missing.count > 1 ? "s" : "") \(names)",
            at: stage.syntax.keys["with"] ?? name.range,
            help: missing.map { "\($0.name): \($0.type.inWords). \($0.doc)" }.joined(separator: " ")))
      }
      return notes
    }
  }
}
