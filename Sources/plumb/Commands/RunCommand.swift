import ArgumentParser
import Basics
import Execution
import Foundation
import Planning
import Report
import Results
import Stages

struct RunCommand: FormattedCommand, LastingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run what is not in the store yet, then write the report.")

  @OptionGroup var pipeline: PipelineArguments

  @Option(
    help: ArgumentHelp("Compute this cell again even if its result is in the store.", valueName: "cell"),
    completion: PipelineCompletion.cells)
  var force: [String] = []

  @Flag(help: "After a failure, go on with the cells that do not depend on it.")
  var keepGoing = false

  @Flag(help: "Refuse to run when anything differs from the lock, and fail when an output does.")
  var locked = false

  @Option(name: .customLong("lock"), help: "The lock to hold to, instead of the one beside the pipeline.", completion: .file())
  var lockPath: String?

  @OptionGroup var limit: BudgetArguments

  @Option(name: .customLong("tag"), help: ArgumentHelp("A name to find the run by. May be repeated.", valueName: "name"))
  var tags: [String] = []

  @Option(help: "Progress as text or as one JSON object per line; messages also as annotations of GitHub Actions (github).")
  var format: PipelineFormat = .text

  /// Rows of a score table that are printed at the end.
  private static let tableRows = 60

  mutating func run() throws {
    try limit.checkText()
    try RunTags.check(tags)
    let workspace = try pipeline.open()
    let run = PipelineRun(
      workspace: workspace, forced: try workspace.select(force), keepsGoing: keepGoing, command: CommandLine.arguments)
    let history = workspace.history()
    let lock = locked || lockPath != nil ? try LockCheck(path: lockPath ?? Lock.path(of: pipeline.file)) : nil
    if let lock { try lock.check(workspace, workspace.plan(history: history)) }
    let display = RunDisplay(format: format)
    let finished = try run.run(history: history, cancellation: Interruption.cancellation) { plan in
      try limit.check(plan, PlanEstimate(plan, rates: history.rates(profile: plan.profile.digest)))
      Interruption.begin()
      return display.begin(plan, workspace: workspace, history: history)
    } idle: { executor in
      display.refresh(executor)
    }
    display.end()
    // The record is kept; what follows can be done again.
    Interruption.end()
    if !tags.isEmpty { try RunTags.add(tags, to: finished.record.id, in: workspace.store) }
    try conclude(finished, workspace)
    try lock?.check(outputs: finished.outputs)
  }

  private func conclude(_ finished: PipelineRun.Finished, _ workspace: Workspace) throws {
    let report = try RunReport.write(finished.record, store: workspace.store)
    switch format {
    case .json:
      let summary: JSONValue = [
        "event": "end", "run": .text(finished.record.id.text), "status": .text(finished.status.rawValue), "report": .text(report.page),
      ]
      Output.standard.print(summary, pretty: false)
    case .text, .github:
      for note in report.notes { Output.messages.write("  note    \(note)\n") }
      // The CSV file beside the report has every row.
      for table in report.tables { Output.standard.write(table.text(rows: Self.tableRows)) }
      Output.standard.print("run \(finished.record.id): \(finished.status.rawValue)")
      Output.standard.print("report \(report.page)")
    }
    switch finished.status {
    case .done: return
    case .failed: throw ExitStatus.failure.exitCode
    case .interrupted where !Interruption.isRequested: throw ExitStatus.failure.exitCode
    case .interrupted:
      Output.messages.write("interrupted: everything finished so far is in the store; the same command goes on from there\n")
      throw ExitStatus.interrupted.exitCode
    }
  }
}
