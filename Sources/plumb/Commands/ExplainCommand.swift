import ArgumentParser
import Basics
import Planning

struct ExplainCommand: FormattedCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a cell is cached or must run: what differs from the nearest earlier result.")

  @OptionGroup var pipeline: PipelineArguments

  @Option(help: "Print as text or as JSON; messages also as annotations of GitHub Actions (github).")
  var format: PipelineFormat = .text

  mutating func run() throws {
    let workspace = try pipeline.open()
    let plan = try workspace.plan(history: workspace.history())
    let past = PastCells(store: workspace.store)
    // Without a cell named, everything is explained; with one, only what was asked for and not what it needs.
    let cells = plan.cells.filter { pipeline.cells.isEmpty || workspace.wanted.contains($0.cell.id) }
    let explanations = cells.lazy.map { Explanation($0, plan: plan, past: past) }
    switch format {
    case .text, .github: for explanation in explanations { Output.standard.write(ExplanationText.render(explanation)) }
    case .json:
      let list = JSONValue.list(explanations.map { ExplanationText.json($0) })
      Output.standard.print(list)
    }
  }
}
