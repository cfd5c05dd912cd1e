import ArgumentParser
import Basics
import Conformance
import EngineCPU
import Foundation

/// Runs golden cases through the code the stages run.
struct PlumbConformance: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plumb-conformance",
    abstract: "Compares this program with recorded results of the original code.",
    discussion: """
      Each folder is searched for case.json. Every output of a case is printed with its largest absolute and relative error.
      Exit status: 0 all passed, 1 a case failed or is of an unknown kind, 2 the arguments are wrong.
      """)

  @Argument(help: ArgumentHelp("Folders with golden cases, searched at any depth.", valueName: "dir"))
  var folders: [String]

  /// Parses the command line and runs; returns the exit status.
  static func status() -> Int32 {
    Output.prepare()
    do {
      return try parse().runCases() && Output.standard.failure == nil ? 0 : 1
    } catch let error as PlumbError {
      Output.messages.print("plumb-conformance: \(error)")
      return 2
    } catch {
      // Asking for help is no mistake; every wrong argument is.
      let isHelp = exitCode(for: error) == .success
      (isHelp ? Output.standard : Output.messages).print(fullMessage(for: error))
      return isHelp ? 0 : 2
    }
  }

  /// Whether every case passed. Throws when a folder is missing or holds no case.
  private func runCases() throws -> Bool {
    // A case below two of the folders is run once.
    var cases: [String] = []
    for folder in folders { cases += try CaseFolders.find(under: folder).filter { !cases.contains($0) } }
    var results: [CaseResult] = []
    for folder in cases {
      let result = CaseResult(running: folder, on: CPUDevice())
      Output.standard.print(CaseReport.lines(result).joined(separator: "\n"))
      results.append(result)
    }
    Output.standard.print(CaseReport.summary(results))
    return results.allSatisfy(\.passed)
  }
}
