import ArgumentParser
import Basics
import PipelineLanguage
import Planning

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph", abstract: "Draw the pipeline as a graph: stages, or cells with their states.",
    discussion: "  plumb graph FILE | dot -Tsvg > pipeline.svg\n  plumb graph FILE --format mermaid")

  enum Language: String, ExpressibleByArgument, CaseIterable {
    case dot, mermaid
  }

  @OptionGroup var pipeline: PipelineArguments

  @Flag(name: .customLong("cells"), help: "One node for each cell, with its state, instead of each stage.")
  var drawsCells = false

  @Option(help: "The language of Graphviz, or Mermaid's, which Markdown pages show.")
  var format: Language = .dot

  mutating func run() throws {
    let workspace = try pipeline.open()
    let graph =
      drawsCells
      ? PipelineGraph(cellsOf: try workspace.plan(history: workspace.history()), name: workspace.pipeline.name)
      : PipelineGraph(stagesOf: workspace.table)
    switch format {
    case .dot: Output.standard.write(graph.dot)
    case .mermaid: Output.standard.write(graph.mermaid)
    }
  }
}
