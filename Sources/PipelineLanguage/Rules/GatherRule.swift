import OrderedCollections

/// `gather` folds axes that come in along some edge.
enum GatherRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { stage -> [Diagnostic] in
      guard stage.axes != nil else { return [] }
      var incoming: Set<Int> = []
      for edge in stage.edges { incoming.formUnion(edge.axes.union(edge.gathered)) }
      let names = incoming.sorted().map { analysis.scope.axes[$0].name }
      var seen: [String: SourceRange] = [:]
      return stage.syntax.gather.compactMap { name in
        if let earlier = seen.updateValue(name.range, forKey: name.value) {
          return Diagnostic(
            .unknownGather, "'\(name.value)' is gathered twice", at: name.range, related: [.init("first named here", at: earlier)])
        }
        if incoming.contains(where: { analysis.scope.axes[$0].isCalled(name.value) }) { return nil }
        let parameter = analysis.scope.parameters[name.value]
        // An edge that leads nowhere could have brought the axis.
        guard stage.isComplete || parameter == nil else { return nil }
        let suggestion = NearestName.of(name.value, among: names) ?? NearestName.of(name.value, among: analysis.scope.axes.map(\.name))
        var diagnostic = Diagnostic(
          .unknownGather, "no input of stage '\(stage.syntax.name.value)' varies along '\(name.value)'", at: name.range,
          suggestion: suggestion,
          help: suggestion == nil ? NearestName.listing(names) : nil)
        if let parameter {
          let reason = parameter.isAxis ? "no input depends on it" : "it has one value: {sweep: […]} would make it an axis"
          diagnostic.related = [.init("'\(name.value)' is declared here; \(reason)", at: parameter.range)]
        } else if let meant = suggestion.flatMap({ analysis.scope.parameters[$0] }) {
          diagnostic.related = [.init("'\(meant.name)' is declared here", at: meant.range)]
        }
        return diagnostic
      }
    }
  }
}
