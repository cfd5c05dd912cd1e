import Basics
import Foundation

/// A reading trial in a process of its own, so that a crash is an outcome and not the end of the caller.
///
/// The program is `plumb-conformance` or `plumb-fuzz` itself: both start with `child()`.
public enum TrialProcess {
  /// Like `ReadingTrial.Outcome`, and the endings of a defect.
  public enum Ending: Sendable, Hashable {
    case accepted
    case refused(String)
    /// How the process ended instead: a signal, a status, no end in time.
    case failed(String)
  }

  private static let flag = "--trial"
  private static let refusedStatus: Int32 = 4

  /// In a process that was started for a trial: runs it under the limits and returns the exit status. Nil in any other.
  public static func child(_ arguments: [String] = CommandLine.arguments) -> Int32? {
    guard arguments.count == 4, arguments[1] == flag else { return nil }
    ResourceLimits(memory: Int(arguments[3]) ?? 0).apply()
    do {
      guard case .refused(let message) = try ReadingTrial.run(arguments[2]) else { return 0 }
      print(message)
      return refusedStatus
    } catch {
      print("not a PlumbError: \(error)")
      return 1
    }
  }

  /// Runs a trial of `path` in the folder `folder`, with `memory` bytes beyond what the program itself takes.
  public static func run(_ path: String, in folder: String, memory: Int = 512 << 20, timeout: Double = 60) throws -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try program())
    process.arguments = [flag, path, String(memory)]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    // An error is a line of bounded length: it fits the pipe.
    guard ended.wait(timeout: .now() + timeout) == .success else {
      kill(process.processIdentifier, SIGKILL)
      return .failed("no end within \(timeout) s")
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let message = text.split(separator: "\n").last.map(String.init) ?? ""
    switch (process.terminationReason, process.terminationStatus) {
    case (.exit, 0): return .accepted
    case (.exit, refusedStatus): return message.isEmpty ? .failed("an error without words") : .refused(message)
    case (.exit, let status): return .failed("exit status \(status): \(message)")
    case (_, let signal): return .failed("signal \(signal)")
    }
  }

  /// This program, or for a test bundle the `plumb-conformance` built beside it.
  private static func program() throws -> String {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    if ["plumb-conformance", "plumb-fuzz"].contains(own.lastPathComponent) { return own.path }
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    let found = bundle.appending(path: "plumb-conformance").path
    guard FileManager.default.isExecutableFile(atPath: found) else {
      throw PlumbError("the program plumb-conformance is not built beside this one", at: bundle.path)
    }
    return found
  }
}
