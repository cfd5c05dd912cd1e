import ArtifactStore
import Basics
import Engine
import PipelineLanguage
import StageKit

/// What a run would do, as a value: it can be printed, compared and tested without running anything.
public struct Plan: Sendable {
  /// In an order in which every cell comes after its inputs.
  public let cells: [PlannedCell]
  public let profile: NumericsProfile
  /// Lanes the memory and time figures are for.
  public let lanes: Int

  public init(cells: [PlannedCell], profile: NumericsProfile, lanes: Int) {
    self.cells = cells
    self.profile = profile
    self.lanes = lanes
  }
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

/// A cell with its keys and its state in the store.
public struct PlannedCell: Sendable {
  public let cell: Cell
  public let stage: any Stage
  public let identity: CellIdentity
  /// The key over the inputs' recipes: known before anything runs.
  public let recipeKey: Digest
  /// The key over the inputs' contents; nil while an input is not in the store.
  public let semanticKey: Digest?
  public let state: CellState
  /// The result when cached.
  public let result: ResultManifest?
  /// Blocks of a blocked stage, and how many of them are in the store.
  public let blocks: (total: Int, cached: Int)?
  /// Samples of the blocks still to compute.
  public let samplesToDo: Int
  /// The cost of one sample (of the cell for a whole stage); nil when cached.
  public let cost: StageCost?

  /// Network evaluations still to do.
  public var evaluationsToDo: Int {
    guard state != .cached, let cost else { return 0 }
    return cost.evaluations * (blocks == nil ? 1 : samplesToDo)
  }

  public var flopsToDo: Int {
    guard state != .cached, let cost else { return 0 }
    return evaluationsToDo * cost.flopsPerEvaluation + cost.flopsBeside * (blocks == nil ? 1 : samplesToDo)
  }

  /// Bytes the store will grow by.
  public var bytesToWrite: Int {
    guard state != .cached, let cost else { return 0 }
    return cost.outputBytes * (blocks == nil ? 1 : samplesToDo)
  }
}

extension Plan {
  public var isFullyCached: Bool { cells.allSatisfy { $0.state == .cached } }

  public var evaluationsToDo: Int { cells.reduce(0) { $0 + $1.evaluationsToDo } }
  public var flopsToDo: Int { cells.reduce(0) { $0 + $1.flopsToDo } }
  public var bytesToWrite: Int { cells.reduce(0) { $0 + $1.bytesToWrite } }

  /// The lower bound of the evaluations: what is to do in any case.
  public var evaluationsCertain: Int {
    cells.reduce(0) { $0 + ($1.state == .toDo ? $1.evaluationsToDo : 0) }
  }

  /// Peak memory of the run: the process itself, every network in use once, an arena and working buffers per lane, and
  /// the largest merge.
  public var peakMemory: Int {
    let working = cells.filter { $0.state != .cached }.compactMap(\.cost)
    guard !working.isEmpty else { return Self.processBytes }
    let networks = Set(working.flatMap(\.networks))
    let weights = networks.reduce(0) { $0 + $1.weightBytes }
    let arenas = networks.reduce(0) { $0 + $1.arenaBytes }
    let laneBytes = working.map(\.laneBytes).max() ?? 0
    let sharedBytes = working.map(\.sharedBytes).max() ?? 0
    return Self.processBytes + weights + lanes * (arenas + laneBytes) + sharedBytes
  }

  /// Resident size of the process with nothing loaded: program, libraries, generated kernels.
  static let processBytes = 34 << 20
}
