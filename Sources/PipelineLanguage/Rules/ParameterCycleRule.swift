import OrderedCollections

/// Parameters may refer to others, but not in a circle and not without end.
enum ParameterCycleRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    let parameters = analysis.scope.parameters
    let cycles = analysis.scope.cycles.compactMap { cycle -> Diagnostic? in
      guard let first = cycle.first.flatMap({ parameters[$0] }) else { return nil }
      let related = cycle.enumerated().compactMap { index, name -> Diagnostic.Related? in
        let next = cycle[(index + 1) % cycle.count]
        let reference = parameters[name]?.values.flatMap(\.references).first { $0.name.value == next }
        return reference.map { .init("'\(name)' refers to '\(next)'", at: $0.range) }
      }
      let path = (cycle + [first.name]).joined(separator: " -> ")
      return Diagnostic(.parameterCycle, "parameters refer to each other in a circle: \(path)", at: first.range, related: related)
    }
    let oversized = analysis.scope.oversized.compactMap { name in
      parameters[name].map { Diagnostic(.limit, "'\(name)' becomes too long or too deep once its references are followed", at: $0.range) }
    }
    return cycles + oversized
  }
}
