import Basics
import StageSchema

/// Sums over the cells of a plan. Those that end in `Certain` are lower bounds: what is to do in any case.
extension Plan {
  public var isFullyCached: Bool { cells.allSatisfy { $0.state == .cached } }

  public var evaluationsToDo: Int { sum(cells, \.evaluationsToDo) }
  public var evaluationsCertain: Int { sum(certain, \.evaluationsToDo) }
  public var flopsToDo: Double { cells.reduce(0) { $0 + $1.flopsToDo } }
  public var flopsCertain: Double { certain.reduce(0) { $0 + $1.flopsToDo } }
  public var bytesToWrite: Int { sum(cells, \.bytesToWrite) }
  public var bytesCertain: Int { sum(certain, \.bytesToWrite) }

  private var certain: [PlannedCell] { cells.filter { $0.state == .toDo } }

  /// A sum too large for an integer stays at the largest one.
  private func sum(_ cells: [PlannedCell], _ value: (PlannedCell) -> Int) -> Int {
    cells.reduce(0) { $0.clampedPlus(value($1)) }
  }
}
