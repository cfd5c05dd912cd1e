import ArtifactStore
import Basics
import Foundation
import Planning
import StageRuntime

/// What a lane does with a task, outside the lock but for the hand-over.
extension Executor {
  func perform(_ task: LaneTask, in context: StageContext) {
    let start = DispatchTime.now().uptimeNanoseconds
    let outcome = Result { try work(task, in: context) }
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    locked { state in
      state.running -= 1
      state.progress[task.cell].seconds += seconds
      // A cell that failed on another lane takes no more results.
      guard state.progress[task.cell].phase == .running else { return }
      switch outcome {
      case .success(let done): accept(done, of: task, &state)
      case .failure(let error): reject(PlumbError(wrapping: error), of: task, &state)
      }
      startReadyCells(&state)
    }
  }

  /// What came out of a task.
  private enum Done {
    case block(FinishedBlock, isComputed: Bool)
    case result(ResultManifest)
  }

  private func work(_ task: LaneTask, in context: StageContext) throws -> Done {
    let (planned, progress, inputs) = try lockedInputs(task.cell)
    guard let semantic = progress.key, let canonical = progress.inputsCanonical else {
      throw PlumbError("a cell was started without its key")
    }
    switch task {
    case .block(_, let range):
      guard let stage = planned.stage as? any BlockedStage else { throw PlumbError("\(planned.identity.stage) has no blocks") }
      let key = planned.identity.blockKey(range, inputs: canonical)
      // A cell of another extent may have computed it since this one was started.
      if !options.forced.contains(task.cell),
        let block = try store.lookup(ResultKey(semantic: key, profile: profile.digest))?.finishedBlock(range)
      {
        return .block(block, isComputed: false)
      }
      var objects: [String: ObjectRef] = [:]
      for (name, bytes) in try stage.runBlock(range, inputs, in: context) { objects[name] = try store.put(bytes) }
      let manifest = ResultManifest(block: FinishedBlock(range: range, objects: objects), identity: planned.identity)
      try publish(manifest, as: key, of: planned)
      return .block(FinishedBlock(range: range, objects: objects), isComputed: true)
    case .completion:
      let outputs: [String: Artifact]
      switch planned.stage {
      case let stage as any BlockedStage:
        outputs = try stage.merge(progress.finishedBlocks.sorted { $0.key < $1.key }.map(\.value), inputs, in: context)
      case let stage as any WholeStage: outputs = try stage.run(inputs, in: context)
      default: throw PlumbError("\(planned.identity.stage) is neither a whole nor a blocked stage")
      }
      for port in planned.cell.descriptor.outputs where outputs[port.name] == nil && !port.isOptional {
        throw PlumbError("\(planned.identity.stage) made no output \"\(port.name)\"")
      }
      let manifest = ResultManifest(outputs: outputs, identity: planned.identity)
      try publish(manifest, as: semantic, of: planned)
      return .result(manifest)
    }
  }

  private func lockedInputs(_ index: Int) throws -> (PlannedCell, ExecutionState.Progress, StageInputs) {
    condition.lock()
    defer { condition.unlock() }
    let planned = guarded.state.cells[index]
    return (planned, guarded.state.progress[index], try resolvedInputs(planned, guarded.state))
  }

  private func publish(_ manifest: ResultManifest, as key: Digest, of planned: PlannedCell) throws {
    let outcome = try store.publish(manifest, as: ResultKey(semantic: key, profile: profile.digest))
    if case .conflict(let existing) = outcome {
      throw PlumbError(
        "the same key gave other bytes than before: a stage is not deterministic, or its version was not bumped", at: planned.cell.name,
        expected: existing.digest.short, found: manifest.digest.short)
    }
  }

  private func accept(_ done: Done, of task: LaneTask, _ state: inout ExecutionState) {
    switch done {
    case .block(let block, let isComputed):
      state.progress[task.cell].finishedBlocks[block.range.lowerBound] = block
      state.progress[task.cell].blocksPending -= 1
      state.progress[task.cell].blocksComputed += isComputed ? 1 : 0
      let total = state.progress[task.cell].blocksTotal
      let pending = state.progress[task.cell].blocksPending
      report(.blockFinished(cell: state.cells[task.cell].cell.name, done: total - pending, of: total))
      // The completion goes first: it frees what waits on the cell.
      if pending == 0 { state.ready.insert(.completion(cell: task.cell), at: 0) }
    case .result(let manifest):
      finish(task.cell, manifest, isComputed: true, &state)
    }
  }

  private func reject(_ error: PlumbError, of task: LaneTask, _ state: inout ExecutionState) {
    if error.kind == .interrupted { return }
    fail(task.cell, error, &state)
  }
}
