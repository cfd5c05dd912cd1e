import ArgumentParser
import Basics
import Execution
import Report
import Results

struct ReportCommand: LastingCommand {
  static let configuration = CommandConfiguration(commandName: "report", abstract: "Write the report of a run again.")

  @Argument(
    help: ArgumentHelp("The run: its id or a beginning of it, latest, or a tag; the newest when absent.", valueName: "run"),
    completion: PipelineCompletion.runs)
  var id: String?

  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let store = location.open()
    let report = try RunReport.write(RunRecord.find(id, in: store), store: store)
    for note in report.notes { Output.messages.print("note: \(note)") }
    Output.standard.print(report.page)
  }
}
