import Basics
import ChildProcesses
import Foundation
import StageSchema

/// A stage's program: found as a shell finds it, run to its end, its failure told with the last it said.
struct ExternalProgram {
  let arguments: [String]
  /// All of it.
  let environment: [String: String]
  /// Absolute.
  let folder: String
  /// Seconds.
  let timeout: Double?

  /// Seconds between being asked to stop and being stopped.
  private static let grace = 2.0
  /// Of what it says: so many lines, each cut to so many scalars.
  private static let told = (lines: 20, scalars: 400)

  /// Runs it to its end. Throws when it cannot be started, ends otherwise than with status 0, takes too long, or, with an
  /// error of kind `interrupted`, once `isCancelled` says so.
  func run(isCancelled: () -> Bool) throws {
    let invocation = Invocation(try located(), Array(arguments.dropFirst()), environment: environment, folder: folder)
    let finished = try ProgramRun(invocation, timeout: timeout, grace: Self.grace).run(isCancelled: isCancelled)
    switch finished.outcome {
    case .ended(.exited(0)): return
    case .cancelled: throw PlumbError("interrupted", kind: .interrupted)
    case .ended(.exited(let status)): throw failure("the program failed with exit status \(status)", finished.said)
    case .ended(.signalled(let signal)): throw failure("the program was ended by signal \(signal)", finished.said)
    case .ended(.unseen): throw failure("the program has ended, and how is not known", finished.said)
    case .tookTooLong(let seconds):
      throw failure(
        "the program was stopped: it took longer than its timeout of \(ParameterValue.number(seconds).label) s", finished.said)
    }
  }

  private var name: String { (arguments.first ?? "").printable(limit: 200) }

  private func failure(_ message: String, _ said: [UInt8]) -> PlumbError {
    let lines = String(decoding: said, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(Self.told.lines).map {
      String($0).printable(limit: Self.told.scalars)
    }
    return PlumbError(
      message + (lines.isEmpty ? "; it said nothing" : "; the last it said:\n    | " + lines.joined(separator: "\n    | ")), at: name)
  }

  /// The program's file: looked for in PATH, as a shell does, unless its name is a path.
  private func located() throws -> String {
    let name = arguments.first ?? ""
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw PlumbError("there is no such program, or it may not be executed", at: self.name)
      }
      return path
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
    guard let found = folders.map({ "\($0)/\(name)" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw PlumbError(
        "there is no such program in PATH", at: self.name, expected: "a program, or ./NAME for one of the stage's files",
        found: "PATH \(folders.joined(separator: ":"))")
    }
    return found
  }
}
