package import ArtifactStore
package import Basics
import Foundation
package import Planning
package import StageRuntime
import StageSchema
import Synchronization

/// Runs a plan: a scheduler says what, a runner does it, on lanes of this machine unless another one is given. Every finished
/// block is in the store at once, so an end at any moment loses the blocks in flight only.
public final class Executor: Sendable {
  public struct Options: Sendable {
    /// Number of lanes: threads that each run whole networks.
    public var lanes: Int
    /// Cells computed even when their result is in the store (by index in the plan).
    public var forced: Set<Int>
    /// After a failure, go on with the cells that do not depend on it.
    public var keepsGoing: Bool

    public init(lanes: Int, forced: Set<Int> = [], keepsGoing: Bool = false) {
      self.lanes = max(1, lanes)
      self.forced = forced
      self.keepsGoing = keepsGoing
    }
  }

  private let plan: Plan
  private let store: ArtifactStore
  private let options: Options
  private let cancellation: Cancellation
  private let report: @Sendable (ExecutionEvent) -> Void
  private let request: Digest
  private let runner: any TaskRunner
  private let counters: EvaluationCounters
  private let positions: [Int: Int]

  /// - Parameters:
  ///   - request: the digest of what was asked, which tasks carry.
  ///   - runner: where tasks run; lanes of this process when absent.
  package init(
    plan: Plan, store: ArtifactStore, residents: Residents, options: Options, cancellation: Cancellation, request: Digest,
    runner: (any TaskRunner)? = nil, report: @escaping @Sendable (ExecutionEvent) -> Void
  ) {
    (self.plan, self.store, self.options, self.cancellation, self.request) = (plan, store, options, cancellation, request)
    self.report = report
    self.runner =
      runner
      ?? LaneRunner(
        lanes: options.lanes, work: CellWork(plan: plan, store: store, profile: plan.profile.digest, request: request), store: store,
        residents: residents, cancellation: cancellation)
    counters = EvaluationCounters(count: plan.cells.count)
    positions = Dictionary(plan.cells.enumerated().map { ($1.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Network evaluations done so far, by index of the cell in the plan; may be called from any thread.
  public func evaluationsDone(cell: Int) -> Int { counters.value(cell) }

  /// Runs to the end, to the first failure, or until interrupted; `idle` is called about five times a second, for
  /// progress. Returns one outcome per cell of the plan.
  public func run(idle: () -> Void = {}) -> [CellOutcome] {
    var finder = BlockFinder(store: store, profile: plan.profile.digest)
    return withoutActuallyEscaping(idle) { idle in
      let loop = ExecutionLoop(
        runner: runner, cancellation: cancellation, task: { try self.task($0, $1) },
        lookUp: { self.find($0, $1, isAfresh: $2, $3, &finder) }, report: report, counters: counters, idle: idle)
      let scheduler = loop.run(self.scheduler())
      return plan.cells.indices.map { outcome($0, scheduler) }
    }
  }

  private func scheduler() -> Scheduler {
    let groups = StageGroups(plan)
    let cells = plan.cells.map { planned in
      let keys = planned.semanticKey.map { Scheduler.Keys(result: $0, blocks: $0) }
      return Scheduler.Cell(
        name: planned.cell.name, group: groups.number(of: planned),
        sources: planned.cell.inputs.flatMap(\.sources).compactMap { source in
          positions[source.cell].map { Scheduler.Source(cell: $0, output: source.output) }
        }, evaluations: planned.cost?.evaluations ?? 0,
        known: keys.flatMap { keys in planned.state == .cached ? planned.result.map { .init(keys: keys, result: $0) } : nil })
    }
    return Scheduler(cells: cells, limits: .init(lanes: options.lanes, groups: groups.limits, keepsGoing: options.keepsGoing)) {
      [plan, positions] index, content in
      let inputs = try Self.canonical(plan.cells[index], positions, content)
      let identity = plan.cells[index].identity
      return Scheduler.Keys(result: identity.key(inputs: inputs), blocks: identity.blockKey(0..<0, inputs: inputs))
    }
  }

  private static func canonical(
    _ planned: PlannedCell, _ positions: [Int: Int], _ content: (Scheduler.Source) -> Digest?
  ) throws -> CanonicalValue {
    let canonical = InputEncoding.canonical(planned.cell) { source in
      positions[source.cell].flatMap { content(.init(cell: $0, output: source.output)) }.map { .digest($0) }
    }
    guard let canonical else { throw PlumbError("an input has no result", at: planned.cell.name) }
    return canonical
  }

  private func task(_ piece: Scheduler.Piece, _ scheduler: Scheduler) throws -> ExecutionTask {
    let planned = plan.cells[piece.cell]
    let sources = scheduler.cells[piece.cell].sources.compactMap { scheduler.key($0.cell) }
    guard let key = scheduler.key(piece.cell) else { throw PlumbError("a cell was started without its key", at: planned.cell.name) }
    return ExecutionTask(
      request: request, cell: planned.cell.name, range: piece.range, key: key, sources: sources, files: planned.identity.files,
      isForced: options.forced.contains(piece.cell))
  }

  /// What the store has of a cell. Planning has looked already where it knew the inputs.
  private func find(_ index: Int, _ keys: Scheduler.Keys, isAfresh: Bool, _ scheduler: Scheduler, _ finder: inout BlockFinder)
    -> Scheduler.Found
  {
    let planned = plan.cells[index]
    let blocked = planned.stage as? any BlockedStage
    do {
      if options.forced.contains(index), !isAfresh {
        return blocked.map { .blocks(total: $0.blockCount, missing: $0.blocks) } ?? .nothing
      }
      if !isAfresh, planned.semanticKey == keys.result, planned.state != .cached {
        return planned.blocks.map { .blocks(total: $0.total, missing: $0.missing) } ?? .nothing
      }
      if let result = try store.lookup(ResultKey(semantic: keys.result, profile: plan.profile.digest)) { return .result(result) }
      guard let blocked else { return .nothing }
      let inputs = try Self.canonical(planned, positions) { scheduler.content($0) }
      let missing = try finder.missing(of: blocked, planned.identity, inputs: inputs) { cancellation.isRequested }
      return .blocks(total: blocked.blockCount, missing: missing)
    } catch {
      return .failed(PlumbError(wrapping: error))
    }
  }

  private func outcome(_ index: Int, _ scheduler: Scheduler) -> CellOutcome {
    let ending = scheduler.ending(index)
    var inputs: [String: [Digest]] = [:]
    for input in plan.cells[index].cell.inputs where plan.cells[index].state != .cached {
      let digests = input.sources.compactMap { source in
        positions[source.cell].flatMap { scheduler.content(.init(cell: $0, output: source.output)) }
      }
      if digests.count == input.sources.count { inputs[input.port] = digests }
    }
    return CellOutcome(
      cell: plan.cells[index], ending: ending.outcome, key: ending.key, result: ending.result, inputs: inputs, seconds: ending.seconds,
      blocksComputed: ending.blocksComputed, notes: ending.notes)
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
