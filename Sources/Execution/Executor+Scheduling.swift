import ArtifactStore
import Basics
import PipelineLanguage
import Planning
import StageRuntime
import StageSchema

/// Which cell may start, and what becomes of those that wait for it. All of it runs with the lock held.
extension Executor {
  /// Starts every waiting cell whose inputs are there; cells whose inputs failed are skipped.
  func startReadyCells(_ state: inout ExecutionState) {
    for index in state.cells.indices where state.progress[index].phase == .waiting {
      let sources = state.cells[index].cell.inputs.flatMap { $0.sources.compactMap { indexByCell[$0.cell] } }
      let phases = sources.map { state.progress[$0].phase }
      if phases.contains(where: { $0 == .failed || $0 == .skipped }) {
        state.progress[index].phase = .skipped
      } else if phases.allSatisfy({ $0 == .done }) {
        do {
          try start(index, &state)
        } catch {
          fail(index, PlumbError(wrapping: error), &state)
        }
      }
    }
    condition.broadcast()
  }

  /// Resolves the cell's key now that its inputs are known; finds the result, or queues what is missing of it.
  private func start(_ index: Int, _ state: inout ExecutionState) throws {
    let planned = state.cells[index]
    let inputs = try resolvedInputs(planned, state)
    guard let canonical = InputEncoding.canonical(planned.cell, value: { artifact($0, state).map { .digest($0.digest) } }) else {
      throw PlumbError("an input of \(planned.cell.name) has no result")
    }
    let semantic = planned.identity.key(inputs: canonical)
    state.progress[index].key = semantic
    state.progress[index].inputsCanonical = canonical
    state.progress[index].inputDigests = inputs.items.mapValues { $0.map(\.artifact.digest) }
    state.progress[index].phase = .running
    if let owner = state.owners[semantic], owner != index {
      // Another cell of this run computes the same result; `finish` or `fail` hands its end over.
      switch state.progress[owner].phase {
      case .done: finish(index, state.progress[owner].result, isComputed: false, &state)
      case .failed: throw state.progress[owner].error ?? PlumbError("the cell of the same key failed")
      case .waiting, .running, .skipped: break
      }
      return
    }
    state.owners[semantic] = index
    let isForced = options.forced.contains(index)
    if !isForced, let result = try store.lookup(ResultKey(semantic: semantic, profile: profile.digest)) {
      finish(index, result, isComputed: false, &state)
      return
    }
    try queue(index, canonical, isForced: isForced, &state)
  }

  /// Queues the blocks that are not in the store, or the completion when nothing else is missing.
  func queue(_ index: Int, _ inputs: CanonicalValue, isForced: Bool, _ state: inout ExecutionState) throws {
    let planned = state.cells[index]
    guard let blocked = planned.stage as? any BlockedStage else {
      report(.started(cell: planned.cell.name, evaluations: planned.cost?.evaluations ?? 0, blocks: 0, blocksCached: 0))
      state.ready.append(.completion(cell: index))
      return
    }
    let ranges = blocked.blockRanges
    var missing: [Range<Int>] = []
    state.progress[index].finishedBlocks = [:]
    for range in ranges {
      let key = ResultKey(semantic: planned.identity.blockKey(range, inputs: inputs), profile: profile.digest)
      if !isForced, let block = try store.lookup(key)?.finishedBlock(range) {
        state.progress[index].finishedBlocks[range.lowerBound] = block
      } else {
        missing.append(range)
      }
    }
    state.progress[index].blocksTotal = ranges.count
    state.progress[index].blocksPending = missing.count
    let samples = missing.reduce(0) { $0 + $1.count }
    report(
      .started(
        cell: planned.cell.name, evaluations: samples * (planned.cost?.evaluations ?? 0), blocks: ranges.count,
        blocksCached: ranges.count - missing.count))
    if missing.isEmpty {
      state.ready.append(.completion(cell: index))
    } else {
      state.ready.append(contentsOf: missing.map { .block(cell: index, range: $0) })
    }
  }

  /// Records a result and starts what waited for it, also cells of the same key.
  func finish(_ index: Int, _ result: ResultManifest?, isComputed: Bool, _ state: inout ExecutionState) {
    state.progress[index].phase = .done
    state.progress[index].result = result
    state.progress[index].isComputed = isComputed
    state.progress[index].finishedBlocks = [:]
    report(.finished(cell: state.cells[index].cell.name, isComputed: isComputed, seconds: state.progress[index].seconds))
    for other in waiting(for: index, state) { finish(other, result, isComputed: false, &state) }
  }

  func fail(_ index: Int, _ error: PlumbError, _ state: inout ExecutionState) {
    guard state.progress[index].phase != .failed else { return }
    state.progress[index].phase = .failed
    state.progress[index].error = error
    state.ready.removeAll { $0.cell == index }
    report(.failed(cell: state.cells[index].cell.name, error: error))
    for other in waiting(for: index, state) { fail(other, error, &state) }
  }

  /// Cells of the same key that wait for this one's result.
  private func waiting(for index: Int, _ state: ExecutionState) -> [Int] {
    guard let key = state.progress[index].key, state.owners[key] == index else { return [] }
    return state.cells.indices.filter { $0 != index && state.progress[$0].phase == .running && state.progress[$0].key == key }
  }

  /// The artifacts on every port of a cell.
  func resolvedInputs(_ planned: PlannedCell, _ state: ExecutionState) throws -> StageInputs {
    try StageInputs(of: planned) { artifact($0, state) }
  }

  private func artifact(_ source: CellSource, _ state: ExecutionState) -> Artifact? {
    indexByCell[source.cell].flatMap { state.progress[$0].result?.outputs[source.output] }
  }
}

extension StageInputs {
  /// What flows into a cell, given the artifact of every source. Throws when one has none.
  init(of planned: PlannedCell, artifact: (CellSource) -> Artifact?) throws {
    let cell = planned.cell
    var items: [String: [StageInputs.Item]] = [:]
    for input in cell.inputs {
      items[input.port] = try input.sources.map { source in
        guard let artifact = artifact(source) else { throw PlumbError("input \(input.port) of \(cell.name) has no result") }
        return StageInputs.Item(
          coordinates: source.coordinates.map { (axis: $0.axis, value: $0.value) },
          label: source.coordinates.flatMap(\.labels).map { "\($0.field)=\($0.text)" }.joined(separator: ","), artifact: artifact)
      }
    }
    self.init(items, files: planned.identity.files)
  }
}

extension PlumbError {
  /// Any error as one of ours.
  init(wrapping error: any Error) {
    switch error {
    case let error as PlumbError: self = error
    case let issue as StageIssue: self = issue.error
    default: self.init("\(error)")
    }
  }
}
