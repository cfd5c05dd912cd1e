import Basics
import ChildProcesses
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
      Output.standard.print(message)
      return refusedStatus
    } catch {
      Output.standard.print("not a PlumbError: \(error)")
      return 1
    }
  }

  /// Runs a trial of `path` in the folder `folder`, with `memory` bytes beyond what the program itself takes.
  public static func run(_ path: String, in folder: String, memory: Int = 512 << 20, timeout: Double = 60) throws -> Ending {
    // A library of linear algebra that a program is linked with starts threads when it is loaded, and one that gets no memory
    // within the limits asks for it again and again until its time is up.
    let environment = ProcessInfo.processInfo.environment.merging(["OPENBLAS_NUM_THREADS": "1"]) { $1 }
    let invocation = Invocation(try program(), [flag, path, String(memory)], environment: environment, folder: folder)
    // An error is a line of bounded length.
    let finished = try ProgramRun(invocation, timeout: timeout).run()
    let message = String(decoding: finished.said, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
    switch finished.outcome {
    case .ended(.exited(0)): return .accepted
    case .ended(.exited(refusedStatus)): return message.isEmpty ? .failed("an error without words") : .refused(message)
    case .ended(.exited(let status)): return .failed("exit status \(status): \(message)")
    case .ended(.signalled(let signal)): return .failed("signal \(signal)")
    case .ended(.unseen): return .failed("an end that nobody saw")
    case .tookTooLong, .cancelled: return .failed("no end within \(timeout) s")
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
