import ArtifactStore
import Basics
import Foundation
import PipelineLanguage
import Planning
import Results
import StageRuntime
import StageSchema

/// One `run` of a pipeline: plan, execute, and write the record. Objects that turn out damaged are set aside by the
/// store, and what they held is planned and computed again.
public struct PipelineRun: Sendable {
  public let workspace: Workspace
  public let forced: Set<Int>
  public let keepsGoing: Bool
  public let command: [String]

  public init(workspace: Workspace, forced: Set<Int> = [], keepsGoing: Bool = false, command: [String]) {
    self.workspace = workspace
    self.forced = forced
    self.keepsGoing = keepsGoing
    self.command = command
  }

  /// A finished run: how it ended, and its record, which is in the store.
  public struct Finished: Sendable {
    package let record: RunRecord
    package let status: RunRecord.Status
    public let plan: Plan
    public let outcomes: [CellOutcome]

    /// Digests of the outputs there are, by cell and port.
    public var outputs: [String: [String: Digest]] {
      Dictionary(
        outcomes.compactMap { outcome in outcome.result.map { (outcome.cell.cell.name, $0.outputs.mapValues(\.digest)) } },
        uniquingKeysWith: { first, _ in first })
    }
  }

  /// - Parameters:
  ///   - planned: called with every plan before it is executed; returns the handler of its events.
  ///   - idle: called about five times a second with the executor at work.
  public func run(
    history: RunHistory, cancellation: Cancellation, planned: (Plan) throws -> @Sendable (ExecutionEvent) -> Void, idle: (Executor) -> Void
  ) throws -> Finished {
    let started = Date()
    var plan = try workspace.plan(forced: forced, history: history)
    var outcomes: [CellOutcome] = []
    var forcedNow = forced
    // A damaged object shows only when it is read, so there may be as many rounds as damaged objects; one that is bad
    // again after it was computed anew means that the disk is failing.
    var repaired: Set<String> = []
    while true {
      let events = try planned(plan)
      let indices = Set(plan.cells.indices.filter { forcedNow.contains(plan.cells[$0].cell.id) })
      let executor = Executor(
        plan: plan, store: workspace.store, residents: Residents(on: workspace.catalogue.device),
        options: .init(lanes: workspace.lanes, forced: indices, keepsGoing: keepsGoing), cancellation: cancellation, report: events)
      outcomes = executor.run { idle(executor) }
      let damaged = outcomes.first { if case .failed(let error) = $0.ending { error.kind == .damagedObject } else { false } }
      guard let damaged, case .failed(let error) = damaged.ending, repaired.insert(error.place ?? "").inserted, !cancellation.isRequested
      else { break }
      events(.repaired(cell: damaged.cell.cell.name, reason: error.description))
      forcedNow = []
      plan = try workspace.plan(history: history)
    }
    let status: RunRecord.Status =
      outcomes.contains { if case .failed = $0.ending { true } else { false } }
      ? .failed : outcomes.contains { if case .skipped = $0.ending { true } else { false } } ? .interrupted : .done
    let id = workspace.store.newRunID(date: started)
    let record = RunRecord(
      id: id, workspace: workspace, status: status, started: started, finished: Date(), command: command, plan: plan, outcomes: outcomes)
    // The index goes first: a folder is a run once it has its record.
    if let index = RunIndex(record) {
      try workspace.store.writeRunFile(id: id, name: RunIndex.fileName, index.encoded)
    }
    try workspace.store.writeRun(id: id, record.json)
    return Finished(record: record, status: status, plan: plan, outcomes: outcomes)
  }
}
