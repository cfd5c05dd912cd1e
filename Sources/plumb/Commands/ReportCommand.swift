import ArgumentParser
import Basics
import Execution
import Report

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "report", abstract: "Write the report of a run again.")

  @Argument(help: ArgumentHelp("The run, as `plumb runs` names it; the newest when absent.", valueName: "run"))
  var id: String?

  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let store = location.open()
    let records = store.runs(newest: .max)
    guard let record = id == nil ? records.first : records.first(where: { $0["id"]?.text == id }) else {
      throw PlumbError(
        id.map { "there is no run \($0)" } ?? "there is no run yet", kind: .input, at: store.root,
        found: records.isEmpty ? nil : "newest run \(records.first?["id"]?.text ?? "?")")
    }
    let report = try RunReport.write(RunRecord(json: record), store: store)
    for note in report.notes { StandardError.write("note: \(note)\n") }
    print(report.page)
  }
}
