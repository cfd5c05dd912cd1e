public import PipelineLanguage

/// All cells of a pipeline.
public struct CellTable: Sendable {
  public let pipeline: Pipeline
  /// In an order in which every cell comes after those it needs.
  public let cells: [Cell]
  /// For each stage of the pipeline the positions of its cells, in the order of the axes' values.
  public let stages: [Range<Int>]
  private let names: [String: Int]

  init(pipeline: Pipeline, cells: [Cell], stages: [Range<Int>]) {
    self.pipeline = pipeline
    self.cells = cells
    self.stages = stages
    names = Dictionary(cells.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
  }

  /// The cell with exactly this name.
  public func cell(named name: String) -> Cell? { names[name].map { cells[$0] } }

  /// The cells that run when nothing else is asked for, ascending.
  public var defaults: [Int] {
    Set(
      pipeline.defaults.flatMap { target -> [Int] in
        guard let stage = pipeline.stages.firstIndex(where: { $0.name == target.stage }) else { return [] }
        return matching(target.values, in: stage)
      }
    ).sorted()
  }

  /// These cells and all they need, ascending.
  public func needed(by targets: some Sequence<Int>) -> [Int] {
    var needed: Set<Int> = []
    var open = Array(targets)
    while let next = open.popLast() {
      guard cells.indices.contains(next), needed.insert(next).inserted else { continue }
      for input in cells[next].inputs { open += input.sources.map(\.cell) }
    }
    return needed.sorted()
  }

  /// The cells of a stage that have, along each named axis, one of the named values.
  func matching(_ values: [Int: Set<Int>], in stage: Int) -> [Int] {
    stages[stage].filter { id in
      values.allSatisfy { axis, allowed in
        cells[id].coordinates.first { $0.axisIndex == axis }.map { allowed.contains($0.valueIndex) } ?? false
      }
    }
  }
}
