import ArtifactStore
import Basics
import Planning
import StageRuntime
import Synchronization

/// Computes tasks of a run again and compares with what the run left; keeps nothing.
final class ComparingWork: TaskWork {
  struct Found: Sendable {
    /// nil for the outputs of the cell.
    let range: Range<Int>?
    let comparison: ObjectComparison
    /// The first step at which a block parts from the run's.
    let step: Int?
  }

  let request = Digest(of: "verify")
  private let cells: CellWork
  private let store: ArtifactStore
  private let profile: Digest
  private let tolerance: Double
  private let pieces: Int
  private let done: @Sendable (Int, Int) -> Void
  private let state = Mutex<(finished: Int, found: [String: [Found]])>((0, [:]))

  init(_ verification: Verification, pieces: Int, done: @escaping @Sendable (Int, Int) -> Void) {
    store = verification.workspace.store
    profile = verification.profile
    tolerance = verification.options.tolerance
    cells = CellWork(plan: verification.plan, store: store, profile: profile, request: request)
    (self.pieces, self.done) = (pieces, done)
  }

  /// What was found, by the names of the cells, in no order.
  var comparisons: [String: [Found]] { state.withLock { $0.found } }

  func perform(_ task: ExecutionTask, in context: StageContext) throws -> Verdict {
    do {
      let cell = try cells.prepare(task)
      guard let result = try store.recorded(ResultKey(semantic: task.key, profile: profile)) else {
        throw PlumbError("the run's result is not in the store", at: task.cell)
      }
      let found: Found
      if let range = task.range, let stage = cell.planned.stage as? any BlockedStage {
        found = try compare(range, of: stage, cell, in: context)
      } else {
        found = Found(range: nil, comparison: try compareOutputs(cell, result, in: context), step: nil)
      }
      let finished = state.withLock { state in
        state.found[task.cell, default: []].append(found)
        state.finished += 1
        return state.finished
      }
      done(finished, pieces)
      return task.range == nil ? .result(result, isComputed: true) : .block(isComputed: true)
    } catch var error as PlumbError {
      // Here nothing is computed anew in place of what is damaged: that is what is to be told.
      if error.kind == .damagedObject { error.kind = .failure }
      throw error
    }
  }

  private func compare(
    _ range: Range<Int>, of stage: any BlockedStage, _ cell: CellWork.Prepared, in context: StageContext
  ) throws -> Found {
    guard let block = try cells.block(range, of: cell) else {
      throw PlumbError("block \(range.lowerBound)-\(range.upperBound) of the run is not in the store")
    }
    let expected = try block.objects.mapValues { try store.read($0) }
    let found = try stage.runBlock(range, cell.inputs, in: context)
    var comparison = ObjectComparison()
    for name in Set(expected.keys).union(found.keys).sorted() {
      comparison.merge(
        ObjectComparison(name, expected: expected[name] ?? [], found: found[name] ?? [], tolerance: tolerance, samples: range.count))
    }
    let step = comparison.isWithin(tolerance) ? nil : try stage.partingStep(expected, found, tolerance: tolerance)
    return Found(range: range, comparison: comparison, step: step)
  }

  /// The outputs, from the blocks of the run where there are blocks.
  private func compareOutputs(_ cell: CellWork.Prepared, _ result: ResultManifest, in context: StageContext) throws -> ObjectComparison {
    let found: [String: Artifact]
    switch cell.planned.stage {
    case let stage as any BlockedStage: found = try stage.merge(cells.blocks(of: stage, cell), cell.inputs, in: context)
    case let stage as any WholeStage: found = try stage.run(cell.inputs, in: context)
    default: throw PlumbError("\(cell.planned.identity.stage) is neither a whole nor a blocked stage")
    }
    var comparison = ObjectComparison()
    for (port, artifact) in result.outputs.sorted(by: { $0.key < $1.key }) where artifact.digest != found[port]?.digest {
      comparison.merge(try compare(port, artifact, found[port]))
    }
    return comparison
  }

  private func compare(_ port: String, _ expected: Artifact, _ found: Artifact?) throws -> ObjectComparison {
    var comparison = ObjectComparison(
      port, expected: expected.facts.encoded(), found: found?.facts.encoded() ?? [], tolerance: tolerance)
    comparison.isEqual = false
    for part in expected.parts {
      let other = try found.map { try store.read($0.part(part.name)) } ?? []
      comparison.merge(ObjectComparison("\(port) \(part.name)", expected: try store.read(part.object), found: other, tolerance: tolerance))
    }
    return comparison
  }
}
