import ArtifactStore
public import Basics
import Foundation
import PipelineLanguage
public import Planning
package import Results
import StageRuntime
import StageSchema

/// One `run` of a pipeline: plan, execute, and write the record.
public struct PipelineRun: Sendable {
  public let workspace: Workspace
  public let forced: Set<Int>
  public let keepsGoing: Bool
  public let command: [String]
  /// Makes what runs the tasks of a plan; nil for lanes of this process.
  package var runner: (@Sendable (Workspace, Plan) throws -> any TaskRunner)?

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
  ///   - planned: called with the plan before it is executed; returns the handler of its events.
  ///   - idle: called about five times a second with the executor at work.
  public func run(
    history: RunHistory, cancellation: Cancellation, planned: (Plan) throws -> @Sendable (ExecutionEvent) -> Void, idle: (Executor) -> Void
  ) throws -> Finished {
    let started = Date()
    let plan = try workspace.plan(forced: forced, history: history, keepsGoing: keepsGoing) { cancellation.isRequested }
    let events = try planned(plan)
    for refused in plan.refused { events(.failed(cell: refused.cell.name, error: refused.issue.error)) }
    let executor = Executor(
      plan: plan, store: workspace.store, residents: Residents(on: workspace.catalogue.device),
      options: .init(
        lanes: plan.lanes, forced: Set(plan.cells.indices.filter { forced.contains(plan.cells[$0].cell.id) }), keepsGoing: keepsGoing),
      cancellation: cancellation, request: workspace.request.digest, runner: try runner?(workspace, plan), report: events)
    let outcomes = executor.run { idle(executor) }
    let status: RunRecord.Status =
      !plan.refused.isEmpty || outcomes.contains { if case .failed = $0.ending { true } else { false } }
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
