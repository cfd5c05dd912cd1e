import ArgumentParser
import Basics
import Execution
import Foundation
import Planning
import Results
import StageSchema
import Stages

/// For runs that are elsewhere, not for people: computes tasks of a request, one a line, and answers each with a verdict.
struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "Compute tasks of a request that come in on standard input, one JSON object a line.",
    shouldDisplay: false)

  @Argument(help: "A file with what was asked, as run records keep it.", completion: .file())
  var request: String

  @Option(help: "The artifact store.")
  var store: String

  mutating func run() throws {
    let asked = try RunRequest(json: JSONValue(parsing: AtomicFile.read(request, limit: 1 << 20)))
    let cancellation = Interruption.begin()
    let workspace = try Workspace(Workspace.Request(asked, store: store, lanes: 1), catalogue: StageTable.plumbline)
    let service = try TaskService(workspace, cancellation: cancellation)
    while let line = readLine() {
      guard !line.isEmpty else { continue }
      Output.standard.write(String(decoding: service.answer(line.utf8) + [0x0A], as: UTF8.self))
    }
  }
}
