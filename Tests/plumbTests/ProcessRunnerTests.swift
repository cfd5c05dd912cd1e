import Basics
import Execution
import Foundation
import Planning
import StageSchema
import Stages
import Testing

/// The shipped digits pipeline with its tasks in other processes.
@Suite(.serialized) struct ProcessRunnerTests {
  private func run(_ folder: Program.Folder, _ store: String, on runner: (@Sendable (Workspace, Plan) throws -> any TaskRunner)?) throws
    -> PipelineRun.Finished
  {
    let request = Workspace.Request(
      file: Program.repository + "/Pipelines/digits-es.plumb.yaml", overrides: ["samples=40", "steps=3"],
      store: "\(folder.path)/\(store)", lanes: 2)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline)
    var run = PipelineRun(workspace: workspace, command: [])
    run.runner = runner
    return try run.run(history: workspace.history(), cancellation: Cancellation(), planned: { _ in { _ in } }, idle: { _ in })
  }

  @Test func `child processes give the digests that lanes give`() throws {
    let folder = try Program.Folder()
    let onLanes = try run(folder, "lanes", on: nil)
    let elsewhere = try run(folder, "processes") { try ProcessRunner($0, $1, count: 2) }
    let errors = elsewhere.outcomes.compactMap { if case .failed(let error) = $0.ending { error.description } else { nil } } as [String]
    #expect(errors == [])
    #expect(onLanes.status == .done && onLanes.outputs.count == onLanes.plan.cells.count)
    #expect(elsewhere.outputs == onLanes.outputs)
  }

  @Test func `a process that is killed fails the cell it worked on, and the run ends`() throws {
    let folder = try Program.Folder()
    let finished = try run(folder, "store") { workspace, plan in
      let runner = try ProcessRunner(workspace, plan, count: 1)
      for process in runner.identifiers { kill(process, SIGKILL) }
      return runner
    }
    #expect(finished.status == .failed)
    let errors = finished.outcomes.compactMap { if case .failed(let error) = $0.ending { error.description } else { nil } } as [String]
    #expect(!errors.isEmpty && errors.allSatisfy { $0.contains("without a word") }, "\(errors)")
  }
}
