import ArgumentParser
import Basics
import Planning

struct PlanCommand: FormattedCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what a run would compute, read and cost, without running anything.")

  @OptionGroup var pipeline: PipelineArguments

  @Flag(help: "Exit with status 3 if a run would compute something.")
  var check = false

  @OptionGroup var limit: BudgetArguments

  @Option(help: "Print as text or as JSON; messages also as annotations of GitHub Actions (github).")
  var format: PipelineFormat = .text

  mutating func run() throws {
    try limit.checkText()
    let workspace = try pipeline.open()
    let history = workspace.history()
    let plan = try workspace.plan(history: history)
    let listing = PlanListing(plan, workspace: workspace, history: history)
    switch format {
    case .text, .github: Output.standard.write(listing.text)
    case .json: Output.standard.print(listing.json)
    }
    try limit.check(plan, listing.estimate)
    if check && !plan.isFullyCached { throw ExitStatus.wouldRun.exitCode }
  }
}
