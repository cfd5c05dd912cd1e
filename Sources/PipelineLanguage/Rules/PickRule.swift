/// A pick on an edge names an axis of the stage it comes from, and one value of it.
enum PickRule: Rule {
  static func check(_ analysis: Analysis) -> [Diagnostic] {
    analysis.stages.flatMap { $0.edges.flatMap(\.pickNotes) }
  }
}
