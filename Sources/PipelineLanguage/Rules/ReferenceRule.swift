/// Every reference names a parameter.
enum ReferenceRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let names = analysis.syntax.parameters.filter { !$0.isSynthetic }.map(\.name)
    return analysis.references.compactMap { reference in
      let name = reference.name.value
      guard analysis.scope.parameters[name] == nil else { return nil }
      let suggestion = NearestName.of(name, among: names)
      var help = suggestion == nil ? NearestName.listing(names) : nil
      if analysis.syntax.imports.contains(where: { $0.alias == name }) {
        help = "'\(name)' is an import: its parameters are set under 'use', or with --set"
      }
      if analysis.indices[name] != nil { help = "'\(name)' is a stage: its outputs stand under 'inputs'" }
      return Diagnostic(.unknownParameter, "no parameter is called '\(name)'", at: reference.range, suggestion: suggestion, help: help)
    }
  }
}

extension Analysis {
  /// Every reference of the file, in parameters and fields.
  var references: [Expression.Reference] {
    syntax.parameters.flatMap { $0.values.flatMap(\.references) } + syntax.stages.flatMap { $0.fields.flatMap(\.value.references) }
  }
}
