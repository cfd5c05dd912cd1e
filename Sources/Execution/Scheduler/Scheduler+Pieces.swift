package import ArtifactStore
package import Basics
import DequeModule
import StageSchema

/// What becomes of pieces.
extension Scheduler {
  /// Starts what may start, looks up what comes next, and ends the run when nothing is left.
  mutating func dispatch() {
    guard !hasEnded else { return }
    if !isStopping {
      while running < limits.lanes, let (cell, range) = ready.start(limits.groups) { start(cell, range) }
      // One cell ahead of the lanes, so that they never wait for the store, and no more: what is found may be many blocks.
      if lookingUp == nil, running < limits.lanes || ready.count < limits.lanes, let next = nextUnresolved() {
        lookingUp = next
        if let keys = progress[next].keys { commands.append(.lookUp(cell: next, keys, isAfresh: progress[next].isAfresh)) }
      }
    }
    guard running == 0, lookingUp == nil else { return }
    if isStopping || unfinished == 0 || (ready.count == 0 && unresolved.isEmpty) {
      hasEnded = true
      commands.append(.end)
    }
  }

  /// The next cell to look up. One that starts over meanwhile has left its place in the line.
  private mutating func nextUnresolved() -> Int? {
    while let next = unresolved.popFirst() {
      if progress[next].phase == .unresolved { return next }
    }
    return nil
  }

  private mutating func start(_ cell: Int, _ range: Range<Int>?) {
    running += 1
    commands.append(.start(Piece(cell: cell, range: range, epoch: progress[cell].epoch)))
  }

  mutating func end(_ piece: Piece, _ verdict: Verdict, _ seconds: Double) {
    running -= 1
    ready.end(group: cells[piece.cell].group)
    progress[piece.cell].seconds += seconds
    // A cell that failed meanwhile, or starts over, takes no more results.
    guard piece.epoch == progress[piece.cell].epoch, progress[piece.cell].phase == .running else { return }
    switch verdict {
    case .block(let isComputed, let note):
      add(note, to: piece.cell)
      progress[piece.cell].blocksDone += 1
      progress[piece.cell].blocksComputed += isComputed ? 1 : 0
      let (name, done, total) = (cells[piece.cell].name, progress[piece.cell].blocksDone, progress[piece.cell].total)
      commands.append(.tell(.blockFinished(cell: name, done: done, of: total)))
      if done == total { ready.addCompletion(of: piece.cell, group: cells[piece.cell].group) }
    case .result(let result, let isComputed, let note):
      add(note, to: piece.cell)
      finish(piece.cell, result, isComputed: isComputed || progress[piece.cell].blocksComputed > 0)
    case .failed(let error): reject(piece.cell, error)
    case .lost:
      fail(piece.cell, PlumbError("what computed it ended without a word", at: cells[piece.cell].name))
    }
  }

  private mutating func add(_ note: String?, to cell: Int) {
    guard let note else { return }
    progress[cell].notes.append(note)
    commands.append(.tell(.noted(cell: cells[cell].name, note)))
  }

  /// What an error of a piece or a look-up means for its cell.
  mutating func reject(_ cell: Int, _ error: PlumbError) {
    switch error.kind {
    // It did what it was asked to, and is not ended: the next run goes on with it.
    case .interrupted where isCancelled: break
    case .interrupted:
      var failure = error
      failure.kind = .failure
      failure.message = "interrupted, though nobody asked for it: \(error.message)"
      fail(cell, failure)
    case .damagedObject: repair(cell, after: error)
    default: fail(cell, error)
    }
  }
}

/// How a piece of work ended.
package enum Verdict: Sendable {
  /// The block is in the store. `note`: what a person should know.
  case block(isComputed: Bool, note: String? = nil)
  case result(ResultManifest, isComputed: Bool, note: String? = nil)
  case failed(PlumbError)
  /// What computed it is gone and left no word.
  case lost
}
