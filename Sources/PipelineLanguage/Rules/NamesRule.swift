/// Names of parameters and stages can stand in references, file names and cells.
enum NamesRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let help = "a name is a letter or underscore, then letters, digits, underscores and hyphens"
    let parameters = analysis.syntax.parameters.filter { !$0.isSynthetic }.map { ("parameter", Located($0.name, $0.range)) }
    let stages = analysis.syntax.stages.map { ("stage", $0.name) }
    return (parameters + stages).compactMap { kind, name in
      guard !Identifier.isValid(name.value) else { return nil }
      return Diagnostic(.badName, "'\(name.value.shortened)' cannot be the name of a \(kind)", at: name.range, help: help)
    }
  }
}
