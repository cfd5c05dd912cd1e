import OrderedCollections

/// Every parameter is used, by a field or by a parameter that is.
enum UnusedParameterRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let parameters = analysis.scope.parameters
    var open = analysis.syntax.stages.flatMap { $0.fields.flatMap(\.value.mentions) }
    open += analysis.syntax.replacedReferences
    var used: Set<String> = []
    while let name = open.popLast() {
      guard used.insert(name).inserted, let parameter = parameters[name] else { continue }
      open += parameter.values.flatMap(\.mentions)
    }
    // A parameter that a misspelt reference meant is not unused.
    let names = parameters.keys.elements
    let meant = Set(
      analysis.references.filter { parameters[$0.name.value] == nil }.compactMap { NearestName.of($0.name.value, among: names) }
    )
    // Nor is one whose name stands where a reference to it was meant.
    .union(
      analysis.syntax.stages.flatMap { $0.fields.compactMap { if case .literal(let literal) = $0.value { literal.text } else { nil } } })
    let isUnreadable = analysis.syntax.stages.isEmpty || analysis.syntax.stages.contains { !$0.isReadable }
    guard !isUnreadable, analysis.syntax.lostImports.isEmpty else { return [] }
    return parameters.values.filter { parameter in
      let name = analysis.ownName(Located(parameter.name, parameter.range))
      return !used.contains(parameter.name) && !meant.contains(parameter.name) && !parameter.isSynthetic && Identifier.isValid(name)
    }.map {
      Diagnostic(
        .unusedParameter, "the parameter '\($0.name)' is used nowhere", at: $0.range, help: "use it as $\($0.name), or remove it")
    }
  }
}
