import ArgumentParser
import ArtifactStore
import Basics
import Execution
import Planning
import Report
import Results

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs of a store, make one table of them, tag them.",
    discussion: "  plumb runs --tag baseline\n  plumb runs --table fd,scaling --format csv\n  plumb runs tag latest baseline",
    subcommands: [ListRunsCommand.self, TagRunCommand.self, UntagRunCommand.self], defaultSubcommand: ListRunsCommand.self)
}

struct ListRunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List runs, newest first (what runs does by itself).")

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv, markdown
  }

  @OptionGroup var location: StoreArguments

  @Option(help: "How many to list.")
  var last = 20

  @Option(name: .customLong("tag"), help: ArgumentHelp("Only runs with this tag. May be repeated: with all of them.", valueName: "name"))
  var tags: [String] = []

  @Option(
    help: ArgumentHelp("One table of their scores with these columns: metrics, parameters, axes, e.g. fd,scaling.", valueName: "columns"))
  var table: String?

  @Option(help: "Print as text or as JSON; a table also as csv or markdown.")
  var format: Format = .text

  func validate() throws {
    if last < 1 { throw ValidationError("--last must be at least 1, not \(last)") }
    if table == nil, format == .csv || format == .markdown { throw ValidationError("--format \(format.rawValue) needs --table") }
  }

  mutating func run() throws {
    let store = location.open()
    let ids = store.runIDs.filter { tags.isEmpty || Set(tags).isSubset(of: RunTags.of($0, in: store)) }
    if !tags.isEmpty, ids.isEmpty { _ = try RunReference.resolve(tags[0], in: store) }
    var runs: [RunRecord] = []
    for id in ids.prefix(last) {
      do {
        if let record = try store.record(of: id) { runs.append(record) }
      } catch {
        Output.messages.print("warning: run \(id) is left out: \(error)")
      }
    }
    if let table {
      let names = table.split(separator: ",").map { String($0.filter { $0 != " " }) }
      return show(try RunsTable.table(runs, columns: names, store: store))
    }
    guard format == .text else {
      return Output.standard.print(JSONValue.list(runs.map { json($0, store) }))
    }
    guard !runs.isEmpty else { return Output.standard.print("no runs yet") }
    var rows = [["run", "pipeline", "status", "cells", "computed", "time", "tags"]]
    for run in runs {
      rows.append([
        run.id.text, run.pipeline.name, run.status.rawValue, String(run.cells.count), String(run.cells.count { $0.state == .computed }),
        Quantities.duration(run.seconds),
        RunTags.of(run.id, in: store).joined(separator: " "),
      ])
    }
    Output.standard.write(TextTable.render(rows, rightAligned: [3, 4, 5]))
  }

  private func json(_ run: RunRecord, _ store: ArtifactStore) -> JSONValue {
    var fields = run.json.object ?? [:]
    fields["tags"] = .list(RunTags.of(run.id, in: store).map(JSONValue.text))
    return .object(fields)
  }

  private func show(_ table: ResultTable) {
    switch format {
    case .text: Output.standard.write(table.text())
    case .json: Output.standard.print(table.json)
    case .csv: Output.standard.write(table.csv)
    case .markdown: Output.standard.write(table.markdown())
    }
  }
}

struct TagRunCommand: LastingCommand {
  static let configuration = CommandConfiguration(commandName: "tag", abstract: "Give a run names to find it by.")

  @Argument(help: "The run: its id or a beginning of it, latest, or a tag.", completion: PipelineCompletion.runs) var reference: String
  @Argument(help: "The names.") var tags: [String]
  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let store = location.open()
    let id = try RunReference.resolve(reference, in: store)
    try RunTags.add(tags, to: id, in: store)
    Output.standard.print("\(id): \(RunTags.of(id, in: store).joined(separator: " "))")
  }
}

struct UntagRunCommand: LastingCommand {
  static let configuration = CommandConfiguration(commandName: "untag", abstract: "Take names from a run.")

  @Argument(help: "The run: its id or a beginning of it, latest, or a tag.", completion: PipelineCompletion.runs) var reference: String
  @Argument(help: "The names.") var tags: [String]
  @OptionGroup var location: StoreArguments

  mutating func run() throws {
    let store = location.open()
    let id = try RunReference.resolve(reference, in: store)
    try RunTags.remove(tags, from: id, in: store)
    Output.standard.print("\(id): \(RunTags.of(id, in: store).joined(separator: " "))")
  }
}
