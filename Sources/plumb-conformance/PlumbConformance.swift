import ArgumentParser
import Basics
import Conformance
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
    do {
      return try parse().runCases() ? 0 : 1
    } catch let error as PlumbError {
      write("plumb-conformance: \(error)", to: .standardError)
      return 2
    } catch {
      // Asking for help is no mistake; every wrong argument is.
      let isHelp = exitCode(for: error) == .success
      write(fullMessage(for: error), to: isHelp ? .standardOutput : .standardError)
      return isHelp ? 0 : 2
    }
  }

  private static func write(_ line: String, to file: FileHandle) { file.write(Data((line + "\n").utf8)) }

  /// Whether every case passed. Throws when a folder is missing or holds no case.
  private func runCases() throws -> Bool {
    // A case below two of the folders is run once.
    var cases: [String] = []
    for folder in folders { cases += try CaseFolders.find(under: folder).filter { !cases.contains($0) } }
    var results: [CaseResult] = []
    for folder in cases {
      let result = CaseResult(running: folder)
      Self.write(CaseReport.lines(result).joined(separator: "\n"), to: .standardOutput)
      results.append(result)
    }
    Self.write(CaseReport.summary(results), to: .standardOutput)
    return results.allSatisfy(\.passed)
  }
}
