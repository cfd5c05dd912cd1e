import ArgumentParser
import Basics
import Execution
import Report
import Results

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two runs: parameters, versions, numerics, digests of outputs, scores.")

  @Argument(help: "A run: its id or a beginning of it, latest, or a tag.", completion: PipelineCompletion.runs) var first: String
  @Argument(help: "The run to compare it with.", completion: PipelineCompletion.runs) var second: String

  @OptionGroup var location: StoreArguments

  @Option(help: "Print as text or as JSON.")
  var format: OutputFormat = .text

  mutating func run() throws {
    let store = location.open()
    let comparison = RunComparison(try RunRecord.find(first, in: store), try RunRecord.find(second, in: store), store: store)
    switch format {
    case .text: Output.standard.write(ComparisonListing.text(comparison))
    case .json: Output.standard.print(ComparisonListing.json(comparison))
    }
  }
}
