import ArgumentParser
import Basics
import Execution
import Foundation
import Logging
import Planning
import Results
import StageSchema
import Stages

/// For runs that are elsewhere, not for people: computes tasks of a request, one a line, and answers each with a verdict.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Compute tasks of a request that come in on standard input, one JSON object a line.",
    shouldDisplay: false)

  @Argument(help: ArgumentHelp("A file with what was asked, as run records keep it.", valueName: "request"), completion: .file())
  var file: String

  @Option(help: "The artifact store.")
  var store: String

  @Option(help: "What is told on standard error: trace, debug, info, notice, warning, error or critical.", transform: level)
  var log = Logger.Level.notice

  mutating func run() throws {
    var log = Logger(label: "plumb work", factory: { StreamLogHandler.standardError(label: $0) })
    log.logLevel = self.log
    log[metadataKey: "process"] = "\(ProcessInfo.processInfo.hostName) \(getpid())"
    let asked = try RunRequest(json: JSONValue(parsing: AtomicFile.read(file, limit: 1 << 20)))
    let cancellation = Interruption.begin()
    let request = Workspace.Request(asked, store: store, lanes: 1)
    let workspace = try Workspace(request, catalogue: StageTable.plumbline, fetch: PipelineArguments.fetch(for: request))
    let service = try TaskService(workspace, cancellation: cancellation, log: log)
    log.info("ready", metadata: ["request": "\(workspace.request.digest.short)", "store": "\(store)"])
    while let line = readLine() {
      guard !line.isEmpty else { continue }
      Output.standard.write(String(decoding: service.answer(line.utf8) + [0x0A], as: UTF8.self))
    }
    log.info("no more tasks")
  }

  @Sendable private static func level(_ name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else { throw ValidationError("no level of a log is called '\(name)'") }
    return level
  }
}
