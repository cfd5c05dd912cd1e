public import PipelineLanguage

/// Finds the cells that a text of the command line means: `sample`, `sample[scaling.b=1.02]`.
public enum CellSelector {
  public struct Selection: Sendable {
    /// Ascending; empty when there is an error.
    public let cells: [Int]
    public let diagnostics: [Diagnostic]
  }

  /// The cells with all coordinates named in the text; those without conditions on an axis keep all of its values.
  /// A cell's full name selects that cell alone.
  public static func parse(_ text: String, in table: CellTable) -> Selection {
    if let cell = table.cell(named: text) { return Selection(cells: [cell.id], diagnostics: []) }
    let (parsed, problems) = CellReference.parse(text)
    guard let parsed else { return Selection(cells: [], diagnostics: problems) }
    let pipeline = table.pipeline
    let reference = parsed.joined(stages: Set(pipeline.stages.map(\.name)), imports: Set(pipeline.imports.map(\.alias)))
    let name = reference.stage
    guard let stage = pipeline.stages.firstIndex(where: { $0.name == name.value }) else {
      let suggestion = NearestName.of(name.value, among: pipeline.stages.map(\.name))
      return Selection(
        cells: [],
        diagnostics: [
          Diagnostic(
            .unknownStage, "no stage is called '\(name.value)'", at: name.range, suggestion: suggestion,
            help: suggestion == nil ? "stages: " + pipeline.stages.map(\.name).joined(separator: ", ") : nil)
        ])
    }
    if let output = reference.output {
      return Selection(cells: [], diagnostics: [Diagnostic(.badEdge, "a cell is asked for, not one of its outputs", at: output.range)])
    }
    let picks = PickResolution(
      reference.conditions, stage: name.value, axes: pipeline.axes, available: Set(pipeline.stages[stage].axes))
    guard picks.notes.isEmpty else { return Selection(cells: [], diagnostics: picks.notes) }
    let cells = table.matching(picks.matches, in: stage)
    guard cells.isEmpty else { return Selection(cells: cells, diagnostics: []) }
    return Selection(
      cells: [],
      diagnostics: [Diagnostic(.unknownAxisValue, "no cell of '\(name.value)' has all of these coordinates", at: reference.range)])
  }
}
