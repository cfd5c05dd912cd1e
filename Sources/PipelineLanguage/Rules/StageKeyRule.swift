import StageSchema

/// A stage has a few keys; fields and inputs stand below them.
enum StageKeyRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { stage in
      stage.syntax.unknownKeys.map { key in
        var help = NearestName.listing(["uses", "inputs", "with", "gather", "run"])
        if let descriptor = stage.descriptor {
          if descriptor.parameters.contains(where: { $0.name == key.value }) { help = "'\(key.value)' is a field: it stands under 'with'" }
          if descriptor.input(key.value) != nil { help = "'\(key.value)' is an input: it stands under 'inputs'" }
        }
        return Diagnostic(
          .unknownKey, "'\(key.value.shortened)' is not a key of stage '\(stage.syntax.name.value.shortened)'", at: key.range, help: help)
      }
    }
  }
}
