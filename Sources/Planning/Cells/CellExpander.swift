public import PipelineLanguage
import StageSchema

/// Expands a pipeline into its cells.
///
/// A stage's cells are the natural join of its own axes and those of its inputs: shared axes agree, the others
/// multiply. A port that picks or gathers loses those axes. What `exclude` names is left out, and with it what needs it.
public enum CellExpander {
  /// Most cells a pipeline may have.
  public static let limit = 1_000_000

  /// The cells, and what turned out only now: excludes that match no cell, stages left without any, too many cells.
  public static func expand(_ pipeline: Pipeline) -> (table: CellTable, diagnostics: [Diagnostic]) {
    var expansion = Expansion(pipeline)
    for stage in pipeline.stages { expansion.add(stage) }
    expansion.noteIdleExclusions()
    let table = CellTable(pipeline: pipeline, cells: expansion.cells, stages: expansion.ranges)
    return (table, expansion.notes.tidied())
  }
}

private struct Expansion {
  let pipeline: Pipeline
  let counts: [Int]
  /// The coordinate of each value of each axis, made once.
  let coordinates: [[Coordinate]]
  var cells: [Cell] = []
  var choices: [[Int]] = []
  var ranges: [Range<Int>] = []
  var notes: [Diagnostic] = []
  var isExclusionUsed: [Bool]

  init(_ pipeline: Pipeline) {
    self.pipeline = pipeline
    counts = pipeline.axes.map(\.values.count)
    coordinates = pipeline.axes.enumerated().map { axisIndex, axis in
      axis.values.enumerated().map { valueIndex, value in
        Coordinate(axisIndex: axisIndex, valueIndex: valueIndex, axis: axis.name, value: value.value, labels: value.named)
      }
    }
    isExclusionUsed = pipeline.exclusions.map { _ in false }
  }

  mutating func add(_ stage: PipelineStage) {
    let first = cells.count
    defer { ranges.append(first..<cells.count) }
    var join: CellJoin
    do {
      join = try CellJoin(stage, counts: counts, limit: CellExpander.limit - first)
      for input in stage.inputs {
        let arriving = ranges[input.source].lazy.map { [choices] in (id: $0, choice: choices[$0]) }
        try join.join(input, cells: arriving, sourceAxes: pipeline.stages[input.source].axes)
      }
    } catch {
      notes.append(
        Diagnostic(.tooManyValues, "the sweeps give more than \(CellExpander.limit) cells at stage '\(stage.name)'", at: stage.range))
      return
    }
    let before = join.rows.count
    let rows = finish(join, of: stage)
    var parameters: [[Int]: [String: ParameterValue]] = [:]
    let own = stage.ownAxes.compactMap { stage.axes.firstIndex(of: $0) }
    for row in rows {
      let key = own.map { row.choice[$0] }
      let values = parameters[key] ?? self.parameters(of: stage, at: row.choice)
      parameters[key] = values
      add(row, of: stage, parameters: values)
    }
    // A stage behind an empty one is not worth a message of its own.
    if rows.isEmpty, stage.inputs.allSatisfy({ !ranges[$0.source].isEmpty }) {
      let reason = before > 0 ? "'exclude' leaves out all of its cells" : "its inputs have no coordinates in common"
      notes.append(Diagnostic(.noCells, "stage '\(stage.name)' is left without cells: \(reason)", at: stage.range))
    }
  }

  private mutating func finish(_ join: CellJoin, of stage: PipelineStage) -> [CellJoin.Row] {
    var relevant: [(index: Int, conditions: [(position: Int, values: Set<Int>)])] = []
    for (index, exclusion) in pipeline.exclusions.enumerated() {
      let conditions = exclusion.values.compactMap { axis, values in stage.axes.firstIndex(of: axis).map { ($0, values) } }
      if conditions.count == exclusion.values.count { relevant.append((index, conditions)) }
    }
    var used: Set<Int> = []
    let rows = join.finished { choice in
      // Every exclude that matches counts as used, not only the first.
      var isExcluded = false
      for exclusion in relevant where exclusion.conditions.allSatisfy({ $0.values.contains(choice[$0.position]) }) {
        used.insert(exclusion.index)
        isExcluded = true
      }
      return isExcluded
    }
    for index in used { isExclusionUsed[index] = true }
    return rows
  }

  private func parameters(of stage: PipelineStage, at choice: [Int]) -> [String: ParameterValue] {
    var values: [String: ParameterValue] = [:]
    for template in stage.fields {
      values[template.field.name] = template.value { axis in stage.axes.firstIndex(of: axis).map { choice[$0] } }
    }
    return values
  }

  private mutating func add(_ row: CellJoin.Row, of stage: PipelineStage, parameters: [String: ParameterValue]) {
    let place = zip(stage.axes, row.choice).map { coordinates[$0][$1] }
    let inputs = zip(stage.inputs, row.sources).map { input, ids in
      let sources = ids.map { id in
        let folded = input.gathered.isEmpty ? [] : cells[id].coordinates.filter { input.gathered.contains($0.axisIndex) }
        return CellSource(cell: id, output: input.output.name, coordinates: folded)
      }
      return CellInput(port: input.port, isGathered: !input.gathered.isEmpty, sources: sources, range: input.range)
    }
    choices.append(row.choice)
    cells.append(
      Cell(
        id: cells.count, name: Self.name(stage.name, place), stage: stage.name, descriptor: stage.descriptor, coordinates: place,
        parameters: parameters, inputs: inputs, hints: stage.hints, declaration: stage))
  }

  mutating func noteIdleExclusions() {
    for (exclusion, isUsed) in zip(pipeline.exclusions, isExclusionUsed) where !isUsed {
      notes.append(Diagnostic(.idleExclude, "this matches no cell", at: exclusion.range))
    }
  }

  /// Coordinates in alphabetical order, so that the order of the file does not change a name.
  private static func name(_ stage: String, _ coordinates: [Coordinate]) -> String {
    guard !coordinates.isEmpty else { return stage }
    let labels = coordinates.flatMap(\.labels).sorted { $0.field < $1.field }
    return stage + "[" + labels.map { "\($0.field)=\($0.text)" }.joined(separator: ",") + "]"
  }
}
