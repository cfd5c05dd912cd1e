/// A stage and a parameter of one name would make `name.field` mean two things in the coordinates of cells.
enum ShadowedNamesRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.syntax.stages.compactMap { stage in
      guard let parameter = analysis.scope.parameters[stage.name.value] else { return nil }
      return Diagnostic(
        .shadowedName, "'\(stage.name.value)' is the name of a parameter and of a stage", at: stage.name.range,
        related: [.init("the parameter is declared here", at: parameter.range)], help: "rename one of them")
    }
  }
}
