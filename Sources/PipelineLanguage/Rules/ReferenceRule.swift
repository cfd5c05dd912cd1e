import OrderedCollections

/// Every reference names a parameter.
enum ReferenceRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let all = analysis.syntax.parameters.filter { !$0.isSynthetic }.map(\.name)
    return analysis.references.compactMap { reference in
      let name = reference.name.value
      guard analysis.scope.parameters[name] == nil else { return nil }
      // A file refers to its own parameters, those behind the same imports.
      let prefix = name.lastIndex(of: ".").map { name[...$0] } ?? ""
      let names = all.filter { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains(".") }
      let suggestion = NearestName.of(name, among: names)
      var help = suggestion == nil ? NearestName.listing(names) : nil
      if analysis.syntax.imports.contains(where: { $0.alias == name }) {
        help = "'\(name)' is an import: its parameters are set under 'use', or with --set"
      }
      if analysis.indices[name] != nil { help = "'\(name)' is a stage: its outputs stand under 'inputs'" }
      let declared = suggestion.flatMap { analysis.scope.parameters[$0] }
      return Diagnostic(
        .unknownParameter, "no parameter is called '\(name)'", at: reference.range,
        related: declared.map { [.init("'\($0.name)' is declared here", at: $0.range)] } ?? [], suggestion: suggestion, help: help)
    }
  }
}

extension Analysis {
  /// Every reference of the file, in parameters and fields.
  var references: [Expression.Reference] {
    syntax.parameters.flatMap { $0.values.flatMap(\.references) } + syntax.stages.flatMap { $0.fields.flatMap(\.value.references) }
  }
}
