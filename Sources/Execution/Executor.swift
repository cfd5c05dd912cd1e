import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import StageRuntime
import Synchronization

/// Runs a plan on this machine: lanes (operating system threads, each with its own arena) take blocks until every cell
/// has its result. Every finished block is in the store at once, so an end at any moment loses the blocks in flight only.
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

  let store: ArtifactStore
  let profile: NumericsProfile
  let options: Options
  let cancellation: Cancellation
  let report: @Sendable (ExecutionEvent) -> Void
  let residents: Residents
  let indexByCell: [Int: Int]
  /// Names of the cells, by their index in the plan.
  private let names: [String]
  let evaluationCounters: EvaluationCounters
  let condition = NSCondition()
  let guarded: Guarded

  /// The state, reached only with the condition's lock held.
  final class Guarded: @unchecked Sendable {
    var state: ExecutionState
    init(_ state: ExecutionState) { self.state = state }
  }

  public init(
    plan: Plan, store: ArtifactStore, residents: Residents, options: Options, cancellation: Cancellation,
    report: @escaping @Sendable (ExecutionEvent) -> Void
  ) {
    self.store = store
    self.profile = plan.profile
    self.options = options
    self.cancellation = cancellation
    self.report = report
    self.residents = residents
    names = plan.cells.map(\.cell.name)
    indexByCell = Dictionary(uniqueKeysWithValues: plan.cells.enumerated().map { ($1.cell.id, $0) })
    evaluationCounters = EvaluationCounters(count: plan.cells.count)
    guarded = Guarded(ExecutionState(cells: plan.cells))
  }

  /// Network evaluations done so far, by index of the cell in the plan; may be called from any thread.
  public func evaluationsDone(cell: Int) -> Int { evaluationCounters.value(cell) }

  /// Runs to the end, to the first failure, or until interrupted; `idle` is called about five times a second, for
  /// progress. Returns one outcome per cell of the plan.
  public func run(idle: () -> Void = {}) -> [CellOutcome] {
    locked { startReadyCells(&$0) }
    let ended = DispatchSemaphore(value: 0)
    for _ in 0..<options.lanes {
      let thread = Thread { [self] in
        lane()
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    condition.lock()
    while !(guarded.state.isFinished || (shouldStop(guarded.state) && guarded.state.running == 0)) {
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
      condition.unlock()
      idle()
      condition.lock()
    }
    let state = guarded.state
    condition.unlock()
    for _ in 0..<options.lanes { ended.wait() }
    return outcomes(state)
  }

  func locked<Result>(_ body: (inout ExecutionState) -> Result) -> Result {
    condition.lock()
    defer { condition.unlock() }
    return body(&guarded.state)
  }

  func shouldStop(_ state: ExecutionState) -> Bool {
    cancellation.isRequested || (!options.keepsGoing && state.progress.contains { $0.phase == .failed })
  }

  /// A lane's life: take a task, do it, tell.
  private func lane() {
    let active = ActiveCell()
    let told = Mutex<ContinuousClock.Instant?>(nil)
    let context = StageContext(
      store: store, residents: residents, isCancelled: { [cancellation] in cancellation.isRequested },
      advanced: { [evaluationCounters] in evaluationCounters.add($0, to: active.index) },
      received: { [names, report] received, total in
        // Bytes come in small portions; five times a second is enough for any display.
        let isDue = told.withLock { last in
          guard received == total || last.map({ $0.duration(to: .now) > .milliseconds(200) }) ?? true else { return false }
          last = .now
          return true
        }
        if isDue { report(.fetching(cell: names[active.index], received: received, total: total)) }
      })
    while let task = nextTask() {
      active.index = task.cell
      perform(task, in: context)
    }
  }

  private func nextTask() -> LaneTask? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if shouldStop(guarded.state) || guarded.state.isFinished {
        condition.broadcast()
        return nil
      }
      if !guarded.state.ready.isEmpty {
        guarded.state.running += 1
        return guarded.state.ready.removeFirst()
      }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.2))
    }
  }

  private func outcomes(_ state: ExecutionState) -> [CellOutcome] {
    zip(state.cells, state.progress).map { cell, progress in
      let ending: CellOutcome.Ending =
        switch progress.phase {
        case .done: progress.isComputed ? .computed : .cached
        case .failed: .failed(progress.error ?? PlumbError("failed"))
        case .waiting, .running, .skipped: .skipped
        }
      return CellOutcome(
        cell: cell, ending: ending, key: progress.key, result: progress.result, inputs: progress.inputDigests, seconds: progress.seconds,
        blocksComputed: progress.blocksComputed)
    }
  }
}

extension LaneTask {
  var cell: Int {
    switch self {
    case .block(let cell, _), .completion(let cell): cell
    }
  }
}
