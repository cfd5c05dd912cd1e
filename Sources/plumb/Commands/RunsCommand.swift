import ArgumentParser
import Basics
import Execution

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "runs", abstract: "List the runs of a store, newest first.")

  @OptionGroup var location: StoreArguments

  @Option(help: "How many to list.")
  var last = 20

  @Option(help: "Print as text or as JSON.")
  var format: OutputFormat = .text

  mutating func run() throws {
    let runs = location.open().runs(newest: last).map { RunRecord(json: $0) }
    switch format {
    case .json: print(String(decoding: JSONValue.list(runs.map(\.json)).encoded(pretty: true), as: UTF8.self), terminator: "")
    case .text:
      guard !runs.isEmpty else { return print("no runs yet") }
      var rows = [["run", "pipeline", "status", "cells", "computed", "time"]]
      for run in runs {
        rows.append([
          run.id, run.json["pipeline"]?["name"]?.text ?? "?", run.status, String(run.cells.count),
          String(run.cells.count { $0["state"]?.text == "computed" }), run.json["seconds"]?.double.map(Quantities.duration) ?? "?",
        ])
      }
      print(TextTable.render(rows, rightAligned: [3, 4, 5]), terminator: "")
    }
  }
}
