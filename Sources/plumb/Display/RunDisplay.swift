import Basics
import Execution
import PipelineLanguage
import Planning
import Synchronization

/// What `run` shows: a line on what will happen, then the progress.
final class RunDisplay {
  private let format: PipelineFormat
  private var display: ProgressDisplay?
  private var cells = 0

  init(format: PipelineFormat) { self.format = format }

  func begin(_ plan: Plan, workspace: Workspace, history: RunHistory) -> @Sendable (ExecutionEvent) -> Void {
    let display = ProgressDisplay(format: format == .json ? .json : Output.messages.isTerminal ? .live : .lines, plan: plan)
    self.display = display
    if format != .json {
      let toDo = plan.cells.count { $0.hasWork }
      Output.messages.write("\(workspace.pipeline.name): \(plan.cells.count) cells, ")
      Output.messages.write(
        toDo == 0
          ? "all cached\n"
          : "\(toDo) to do, \(Quantities.count(plan.evaluationsToDo)) evaluations (\(Quantities.flops(plan.flopsToDo))), "
            + "peak memory \(Quantities.bytes(plan.peakMemory)), \(plan.lanes) lanes\n")
    }
    return { display.handle($0) }
  }

  func refresh(_ executor: Executor) {
    display?.refresh { executor.evaluationsDone(cell: $0) }
  }

  func end() { display?.end() }
}
