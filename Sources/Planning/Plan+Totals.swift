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

  /// Peak memory of the run: the process itself, every network in use once, an arena and working buffers per lane, and
  /// the largest merge.
  public var peakMemory: Int { Self.memory(of: cells.filter(\.hasWork).compactMap(\.cost), lanes: lanes) }

  static func memory(of working: [StageCost], lanes: Int) -> Int {
    let networks = Set(working.flatMap(\.networks))
    let weights = networks.reduce(0) { $0.clampedPlus($1.weightBytes) }
    let arenas = networks.reduce(0) { $0.clampedPlus($1.arenaBytes) }
    let laneBytes = working.map(\.laneBytes).max() ?? 0
    let sharedBytes = working.map(\.sharedBytes).max() ?? 0
    return lanes.clampedTimes(arenas.clampedPlus(laneBytes)).clampedPlus(weights).clampedPlus(sharedBytes).clampedPlus(processBytes)
  }

  /// Resident size of the process with nothing loaded: program, libraries, generated kernels.
  static let processBytes = 34 << 20
}
