import ArgumentParser
import Basics
import PipelineLanguage
import Planning

struct CheckCommand: FormattedCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a pipeline file, the files it names and every edge, without running anything.")

  @OptionGroup var pipeline: PipelineArguments

  @Option(help: "Print messages as text, as JSON, or as annotations of GitHub Actions.")
  var format: PipelineFormat = .text

  mutating func run() throws {
    let workspace = try pipeline.open()
    let plan = try workspace.plan(history: workspace.history())
    switch format {
    case .json: format.report([])
    case .text, .github:
      Output.standard.print(
        "\(pipeline.file): good; \(workspace.pipeline.stages.count { !$0.isImplied }) stages, \(plan.cells.count) cells")
    }
  }
}
