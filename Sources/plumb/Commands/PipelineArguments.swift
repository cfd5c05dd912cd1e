import ArgumentParser
import ArtifactStore
import Basics
import Downloads
import Foundation
import PipelineLanguage
import Planning
import StageSchema
import Stages

/// The arguments every command on a pipeline file shares.
struct PipelineArguments: ParsableArguments {
  @Argument(help: "The pipeline file.", completion: PipelineCompletion.files)
  var file: String

  @Argument(
    help: "Cells to work on, e.g. 'sample[scaling.b=1.02]'; the pipeline's default when none is named.",
    completion: PipelineCompletion.cells)
  var cells: [String] = []

  @Option(
    name: .customLong("set"), help: "Set a parameter, or several values of it: --set steps=10,20. May be repeated.",
    completion: PipelineCompletion.settings)
  var overrides: [String] = []

  @Option(
    name: .customLong("params"), help: "A file of parameter values, NAME: VALUE a line, laid over the pipeline's. May be repeated.",
    completion: PipelineCompletion.files)
  var parameterFiles: [String] = []

  @Option(help: "The artifact store; else PLUMB_STORE, else Artifacts/ above the pipeline file, else of the current folder.")
  var store: String?

  @Option(help: "Worker threads; the number of cores when absent. Never changes a result.")
  var lanes: Int?

  func validate() throws {
    if let lanes, !(1...1024).contains(lanes) { throw ValidationError("--lanes must lie in 1...1024, not \(lanes)") }
  }

  /// Reads and checks the file. Throws `DiagnosticsError` with everything wrong with it.
  func open() throws -> Workspace {
    let request = Workspace.Request(
      file: file, overrides: overrides, parameterFiles: parameterFiles, cells: cells, store: store, lanes: lanes)
    return try Workspace(request, catalogue: StageTable.plumbline, fetch: Self.fetch(for: request))
  }

  /// Fetches files imported by address into the store's downloads.
  static func fetch(for request: Workspace.Request) -> FileSource.Fetch {
    let folder = Workspace.store(of: request).downloads
    return { url, sha256 in
      let path = try Download(url: url, sha256: sha256, folder: folder).fetch()
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }
}

/// How a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// How a command on a pipeline file prints its results, and what is wrong with the file.
enum PipelineFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
  /// Results as text, messages as workflow commands of GitHub Actions.
  case github

  /// Messages for people go beside the results; those for programs are what the command prints.
  func report(_ diagnostics: [Diagnostic]) {
    switch self {
    case .text: Output.messages.write(diagnostics.map { $0.rendered + "\n" }.joined(separator: "\n"))
    case .json: Output.standard.write(diagnostics.rendered(as: .json))
    case .github: Output.standard.print(diagnostics.rendered(as: .github))
    }
  }
}

/// A command that can be asked for a format.
protocol FormattedCommand: ParsableCommand {
  var format: PipelineFormat { get }
}
