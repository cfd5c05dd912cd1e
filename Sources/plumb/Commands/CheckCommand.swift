import ArgumentParser
import Planning

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a pipeline file, the files it names and every edge, without running anything.")

  @OptionGroup var pipeline: PipelineArguments

  mutating func run() throws {
    let workspace = try pipeline.open()
    let plan = try workspace.plan(history: workspace.history())
    print("\(pipeline.file): good; \(workspace.pipeline.stages.count) stages, \(plan.cells.count) cells")
  }
}
