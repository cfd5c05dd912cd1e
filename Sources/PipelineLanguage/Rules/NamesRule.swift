/// Names of parameters, stages and imports can stand in references, file names and cells.
enum NamesRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let help = "a name is a letter or underscore, then letters, digits, underscores and hyphens"
    let syntax = analysis.syntax
    let parameters = syntax.parameters.filter { !$0.isSynthetic }.map { ("parameter", Located($0.name, $0.range)) }
    let stages = syntax.stages.map { ("stage", $0.name) }
    let imports = syntax.uses.map { ("import", $0.alias) }
    return (parameters + stages + imports).compactMap { kind, name in
      let own = analysis.ownName(name)
      guard !Identifier.isValid(own) else { return nil }
      let possible = String(own.map { $0.unicodeScalars.allSatisfy { Identifier.allows($0, first: false) } ? $0 : "_" })
      return Diagnostic(
        .badName, "'\(own.shortened)' cannot be the name of \(kind == "import" ? "an" : "a") \(kind)", at: name.range,
        suggestion: Identifier.isValid(possible) ? possible : nil, help: help)
    }
  }
}

extension Analysis {
  /// A name as its own file declares it: without the imports before it. A parameter that was set stands elsewhere than its
  /// declaration.
  func ownName(_ name: Located<String>) -> String {
    guard name.range.source !== syntax.source else { return name.value }
    let file = syntax.imports.first { $0.source === name.range.source }
    let aliases = file.map { [$0.alias] } ?? syntax.imports.map(\.alias).sorted { $0.count > $1.count }
    let prefix = aliases.map { $0 + "." }.first { name.value.hasPrefix($0) } ?? ""
    return String(name.value.dropFirst(prefix.count))
  }
}
