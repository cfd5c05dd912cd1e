import ArtifactStore
public import Basics
import PipelineLanguage
import StageSchema

/// What a run would do, as a value: it can be printed, compared and tested without running anything.
public struct Plan: Sendable {
  /// In an order in which every cell comes after its inputs.
  public let cells: [PlannedCell]
  public let profile: NumericsProfile
  /// Lanes the memory and time figures are for.
  public let lanes: Int
  /// The most tasks of a stage that may run at once, where that is fewer.
  package let stageLanes: [String: Int]
  /// Cells that cannot be run, which the plan leaves out with all that need them.
  public let refused: [PlanningIssue]
  private let positions: [Int: Int]

  package init(
    cells: [PlannedCell], profile: NumericsProfile, lanes: Int, stageLanes: [String: Int] = [:], refused: [PlanningIssue] = []
  ) {
    self.cells = cells
    self.stageLanes = stageLanes
    self.refused = refused
    positions = Dictionary(cells.enumerated().map { ($1.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.profile = profile
    self.lanes = lanes
  }
}

extension Plan {
  /// The cell of an id; nil when the plan leaves it out.
  public func cell(_ id: Int) -> PlannedCell? { positions[id].map { cells[$0] } }
}

/// What is known of a cell's result before the run.
public enum CellState: Sendable, Hashable {
  case cached
  case toDo
  /// An input must be computed first; should it come out as in an earlier run, the result is there already.
  case toDoUnlessInputEqual

  public var label: String {
    switch self {
    case .cached: "cached"
    case .toDo: "to do"
    case .toDoUnlessInputEqual: "to do unless its input comes out equal"
    }
  }
}
