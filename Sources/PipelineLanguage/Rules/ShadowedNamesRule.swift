import OrderedCollections

/// A stage, a parameter and an import share no name: `name.field` would mean two things.
enum ShadowedNamesRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let stages = analysis.syntax.stages.compactMap { stage -> Diagnostic? in
      guard let parameter = analysis.scope.parameters[stage.name.value] else { return nil }
      return shadowed(stage.name, "a parameter and of a stage", by: "the parameter", at: parameter.range)
    }
    let imports = analysis.syntax.uses.compactMap { entry -> Diagnostic? in
      let name = entry.alias.value
      if let parameter = analysis.scope.parameters[name] {
        return shadowed(entry.alias, "a parameter and of an import", by: "the parameter", at: parameter.range)
      }
      guard let stage = analysis.indices[name] else { return nil }
      return shadowed(entry.alias, "a stage and of an import", by: "the stage", at: analysis.stages[stage].syntax.name.range)
    }
    return stages + imports
  }

  private static func shadowed(_ name: Located<String>, _ both: String, by other: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .shadowedName, "'\(name.value)' is the name of \(both)", at: name.range, related: [.init("\(other) is declared here", at: range)],
      help: "rename one of them")
  }
}
