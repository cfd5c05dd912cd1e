import ArgumentParser
import Basics
import Planning

struct ShowCommand: FormattedCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show every cell with its resolved parameters, inputs and keys; for cached cells, their outputs.")

  @OptionGroup var pipeline: PipelineArguments

  @Flag(help: "For every resolved value, the file and line or the flag that set it. Needs neither store nor outside files.")
  var origins = false

  @Option(help: "Print as text or as JSON; messages also as annotations of GitHub Actions (github).")
  var format: PipelineFormat = .text

  mutating func run() throws {
    let workspace = try pipeline.open()
    guard !origins else { return showOrigins(workspace) }
    let plan = try workspace.plan(history: workspace.history())
    let cells = plan.cells.filter { pipeline.cells.isEmpty || workspace.wanted.contains($0.cell.id) }
    switch format {
    case .text, .github: Output.standard.write(cells.map { CellListing.text($0, plan) }.joined(separator: "\n"))
    case .json:
      Output.standard.print(JSONValue.list(cells.map { CellListing.json($0, plan) }))
    }
  }

  private func showOrigins(_ workspace: Workspace) {
    let cells = workspace.table.cells.filter { pipeline.cells.isEmpty || workspace.wanted.contains($0.id) }
    switch format {
    case .text, .github: Output.standard.write(OriginListing.text(cells, in: workspace.table))
    case .json:
      Output.standard.print(OriginListing.json(cells, in: workspace.table))
    }
  }
}
