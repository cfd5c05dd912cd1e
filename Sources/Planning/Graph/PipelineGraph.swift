import PipelineLanguage
import StageSchema

/// Stages or cells and what flows between them, to be drawn.
public struct PipelineGraph: Sendable {
  public struct Node: Sendable {
    /// A line each: the name first.
    public let lines: [String]
    public let state: CellState?
  }

  public struct Edge: Sendable, Hashable {
    /// Positions of nodes.
    public let from: Int
    public let to: Int
    public let label: String
  }

  public let name: String
  public let nodes: [Node]
  public let edges: [Edge]

  /// One node a stage, with its kind and how many cells it has; axes stand at the stages that gather them.
  public init(stagesOf table: CellTable) {
    let pipeline = table.pipeline
    name = pipeline.name
    nodes = zip(pipeline.stages, table.stages).map { stage, cells in
      var lines = [stage.name]
      if stage.descriptor.name != stage.name { lines.append(stage.descriptor.name) }
      if !stage.axes.isEmpty {
        lines.append("\(cells.count) cells over \(stage.axes.map { pipeline.axes[$0].name }.joined(separator: ", "))")
      }
      return Node(lines: lines, state: nil)
    }
    edges = pipeline.stages.enumerated().flatMap { position, stage in
      stage.inputs.map { input in
        let gathered = input.gathered.map { pipeline.axes[$0].name }
        let output = pipeline.stages[input.source].descriptor.outputs.first?.name == input.output.name ? "" : input.output.name + " "
        let label = output.isEmpty || output == input.port + " " ? input.port : "\(output)→ \(input.port)"
        return Edge(
          from: input.source, to: position, label: label + (gathered.isEmpty ? "" : " (all of \(gathered.joined(separator: ", ")))"))
      }
    }
  }

  /// One node a cell of a plan, with its state.
  public init(cellsOf plan: Plan, name: String) {
    self.name = name
    nodes = plan.cells.map { cell in
      Node(lines: [cell.cell.name, cell.cell.descriptor.name, cell.state.label], state: cell.state)
    }
    let positions = Dictionary(plan.cells.enumerated().map { ($1.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
    edges = plan.cells.enumerated().flatMap { position, cell in
      cell.cell.inputs.flatMap { input in
        input.sources.compactMap { source in positions[source.cell].map { Edge(from: $0, to: position, label: input.port) } }
      }
    }
  }
}
