import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import StageRuntime

/// One piece of work for a lane.
enum LaneTask: Sendable {
  case block(cell: Int, range: Range<Int>)
  /// A whole stage, or the merge of a blocked one.
  case completion(cell: Int)
}

/// Everything the lanes share, guarded by the executor's lock: which cells wait, which tasks are ready, what came out.
struct ExecutionState {
  /// Progress of one cell.
  struct Progress {
    enum Phase { case waiting, running, done, failed, skipped }
    var phase = Phase.waiting
    var key: Digest?
    var inputsCanonical: CanonicalValue?
    var inputDigests: [String: [Digest]] = [:]
    var result: ResultManifest?
    var isComputed = false
    var error: PlumbError?
    var seconds = 0.0
    var blocksTotal = 0
    var blocksPending = 0
    var blocksComputed = 0
    var finishedBlocks: [Int: FinishedBlock] = [:]
    var repairs = 0
  }

  let cells: [PlannedCell]
  var progress: [Progress]
  var ready: [LaneTask] = []
  var running = 0
  /// The cell that computes a key, so that two cells of one key compute it once.
  var owners: [Digest: Int] = [:]

  init(cells: [PlannedCell]) {
    self.cells = cells
    progress = cells.map { cell in
      var progress = Progress()
      if cell.state == .cached {
        progress.phase = .done
        progress.key = cell.semanticKey
        progress.result = cell.result
      }
      return progress
    }
  }

  var isFinished: Bool {
    running == 0 && ready.isEmpty && !progress.contains { $0.phase == .waiting || $0.phase == .running }
  }
}
