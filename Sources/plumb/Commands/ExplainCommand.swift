import ArgumentParser
import Planning

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a cell is cached or must run: what differs from the nearest earlier result.")

  @OptionGroup var pipeline: PipelineArguments

  mutating func run() throws {
    let workspace = try pipeline.open()
    let history = workspace.history()
    let plan = try workspace.plan(history: history)
    // Without a cell named, everything is explained; with one, only what was asked for and not what it needs.
    for cell in plan.cells where pipeline.cells.isEmpty || workspace.wanted.contains(cell.cell.id) {
      print(ExplanationText.render(Explanation(cell, plan: plan, history: history)), terminator: "")
    }
  }
}
