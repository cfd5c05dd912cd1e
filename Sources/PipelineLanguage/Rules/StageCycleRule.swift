/// Stages do not feed themselves.
enum StageCycleRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.order.cycles.compactMap { cycle in
      guard let first = cycle.first else { return nil }
      let names = cycle.map { analysis.stages[$0].syntax.name.value }
      let related = cycle.enumerated().compactMap { index, stage -> Diagnostic.Related? in
        let next = cycle[(index + 1) % cycle.count]
        let edge = analysis.stages[stage].edges.first { $0.source == next }
        return edge?.syntax.target.map { .init("'\(names[index])' needs '\(analysis.stages[next].syntax.name.value)'", at: $0.range) }
      }
      let path = (names + names.prefix(1)).joined(separator: " -> ")
      return Diagnostic(
        .cycle, "stages feed each other in a circle: \(path)", at: analysis.stages[first].syntax.name.range, related: related)
    }
  }
}
