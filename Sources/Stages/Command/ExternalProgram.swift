import Basics
import Foundation
import StageSchema

/// A program run as a process group of its own: what it says is drained and its end kept, and whatever ends the run, the
/// program and everything it started is stopped with it.
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

  /// Runs it to its end. Throws when it cannot be started, ends otherwise than with status 0, takes too long, or, with an
  /// error of kind `interrupted`, once `isCancelled` says so.
  func run(isCancelled: () -> Bool) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try located())
    process.arguments = Array(arguments.dropFirst())
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    do {
      try process.run()
    } catch {
      throw PlumbError("the program could not be started", at: name, found: error.localizedDescription)
    }
    // Foundation makes the child the leader of a group of its own.
    defer { stop(process) }
    var tail = OutputTail(pipe.fileHandleForReading)
    let start = DispatchTime.now().uptimeNanoseconds
    while process.isRunning {
      tail.drain(waiting: 0.05)
      if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      if let timeout, seconds > timeout {
        stop(process)
        tail.drain(waiting: 0)
        throw failure("the program was stopped: it took longer than its timeout of \(ParameterValue.number(timeout).label) s", tail)
      }
    }
    stop(process)
    process.waitUntilExit()
    tail.drain(waiting: 0)
    guard process.terminationReason == .exit else {
      throw failure("the program was ended by signal \(process.terminationStatus)", tail)
    }
    guard process.terminationStatus == 0 else {
      throw failure("the program failed with exit status \(process.terminationStatus)", tail)
    }
  }

  private var name: String { (arguments.first ?? "").printable(limit: 200) }

  private func failure(_ message: String, _ tail: OutputTail) -> PlumbError {
    let lines = tail.lines
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

  /// Ends the process, and what it left running. A group that is gone already is none.
  private func stop(_ process: Process) {
    let group = -process.processIdentifier
    if process.isRunning {
      kill(group, SIGTERM)
      let deadline = DispatchTime.now().uptimeNanoseconds + UInt64(Self.grace * 1e9)
      while process.isRunning, DispatchTime.now().uptimeNanoseconds < deadline { usleep(10_000) }
    }
    kill(group, SIGKILL)
    if process.isRunning { process.waitUntilExit() }
  }
}
