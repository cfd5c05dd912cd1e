import ArgumentParser
import Basics
import Execution
import Foundation
import PipelineLanguage
import Planning

/// The command line. Exit status: 0 done, 1 a stage failed or what was asked for could not be printed, 2 the file or the
/// arguments are wrong, 3 `plan --check` would run something, 130 interrupted.
@main
struct Plumb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumb",
    abstract: "Measures and repairs the exposure bias of diffusion models.",
    discussion: "A pipeline file names the stages; plumb runs what is not in its store yet.\n\n  plumb run Pipelines/digits-es.plumb.yaml",
    subcommands: [
      RunCommand.self, PlanCommand.self, CheckCommand.self, ExplainCommand.self, GraphCommand.self, ShowCommand.self, RunsCommand.self,
      DiffCommand.self, ReportCommand.self, LockCommand.self, VerifyCommand.self, BundleCommand.self, UnpackCommand.self,
      InspectCommand.self, FetchCommand.self, StagesCommand.self, SchemaCommand.self, DoctorCommand.self, WorkCommand.self,
    ])

  static func main() {
    Output.prepare()
    var format = PipelineFormat.text
    do {
      var command = try parseAsRoot(words)
      format = (command as? any FormattedCommand)?.format ?? .text
      try command.run()
      if !(command is any LastingCommand) { exitUnlessPrinted() }
    } catch {
      exit(with: error, format: format)
    }
  }

  /// The words of the command line; `help STAGE` asks for the stage's page as `stages STAGE` does.
  private static var words: [String] {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count == 2, words[0] == "help", StagesCommand.names.contains(words[1]) else { return words }
    // A command and a stage of one name: the command comes first, as in the list that `help` prints.
    return configuration.subcommands.contains { $0._commandName == words[1] } ? words : ["stages", words[1]]
  }

  /// A command that prints and does nothing else has failed when that could not be done. A reader that went away has what it
  /// wanted and is told nothing.
  private static func exitUnlessPrinted() {
    guard let failure = Output.standard.failure else { return }
    if !Output.standard.isAbandoned { Output.messages.print("plumb: error: \(failure)") }
    Foundation.exit(ExitStatus.failure.rawValue)
  }

  /// Prints an error and ends with the status its kind asks for.
  private static func exit(with error: any Error, format: PipelineFormat) -> Never {
    switch error {
    case let status as ExitCode:
      Foundation.exit(status.rawValue)
    case let error as DiagnosticsError:
      format.report(error.diagnostics)
      Foundation.exit(ExitStatus.input.rawValue)
    case let error as PlumbError:
      Output.messages.print("plumb: error: \(error)")
      Foundation.exit(ExitStatus(error.kind).rawValue)
    default:
      // The parser's own endings: help (status 0), usage errors (64 there, 2 here).
      let status = exitCode(for: error)
      let message = fullMessage(for: error)
      if status.isSuccess {
        Output.standard.print(message)
        exitUnlessPrinted()
        Foundation.exit(0)
      }
      Output.messages.print(message)
      Foundation.exit(status == .validationFailure ? ExitStatus.input.rawValue : ExitStatus.failure.rawValue)
    }
  }
}

/// A command that leaves something behind: a run, a file, a tag. Its status tells of that, not of whether its words were
/// heard.
protocol LastingCommand: ParsableCommand {}

/// How the program ends.
struct ExitStatus {
  let rawValue: Int32

  static let done = ExitStatus(rawValue: 0)
  static let failure = ExitStatus(rawValue: 1)
  static let input = ExitStatus(rawValue: 2)
  static let wouldRun = ExitStatus(rawValue: 3)
  static let interrupted = ExitStatus(rawValue: 130)

  private init(rawValue: Int32) { self.rawValue = rawValue }

  init(_ kind: PlumbError.Kind) {
    switch kind {
    case .input: self = .input
    // Without a request nobody interrupted anything: what says so has failed.
    case .interrupted: self = Interruption.isRequested ? .interrupted : .failure
    default: self = .failure
    }
  }

  var exitCode: ExitCode { ExitCode(rawValue) }
}
