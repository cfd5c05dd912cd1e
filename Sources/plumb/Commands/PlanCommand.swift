import ArgumentParser
import Basics
import Planning

struct PlanCommand: FormattedCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a run would compute, read and cost, without running anything.")

  @OptionGroup var pipeline: PipelineArguments

  @Flag(help: "Exit with status 3 if a run would compute something.")
  var check = false

  @Option(help: "Print as text or as JSON; messages also as annotations of GitHub Actions (github).")
  var format: PipelineFormat = .text

  mutating func run() throws {
    let workspace = try pipeline.open()
    let history = workspace.history()
    let plan = try workspace.plan(history: history)
    switch format {
    case .text, .github: print(PlanListing.text(plan, history: history), terminator: "")
    case .json: print(String(decoding: PlanListing.json(plan, history: history).encoded(pretty: true), as: UTF8.self), terminator: "")
    }
    if check && !plan.isFullyCached { throw ExitStatus.wouldRun.exitCode }
  }
}
