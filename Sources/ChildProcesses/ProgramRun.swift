import Basics
import Foundation

/// A program that is run to its end on the thread of its caller. Whatever ends the run, the program and everything it started
/// goes with it, also what it put into the background or into a session of its own; and its end is its own, whoever still
/// holds its output.
package struct ProgramRun: Sendable {
  package enum Outcome: Sendable, Hashable {
    case ended(Ending)
    /// It was stopped after so many seconds.
    case tookTooLong(Double)
    /// It was stopped because the caller asked for it.
    case cancelled
  }

  package struct Finished: Sendable {
    package let outcome: Outcome
    /// The end of what it said on standard output and standard error together.
    package let said: [UInt8]
  }

  package var invocation: Invocation
  /// Seconds it may take.
  package var timeout: Double?
  /// Seconds between being asked to stop and being stopped.
  package var grace = 0.0
  /// Bytes kept of what it says.
  package var keeps = 16 << 10

  package init(_ invocation: Invocation, timeout: Double? = nil, grace: Double = 0, keeps: Int = 16 << 10) {
    (self.invocation, self.timeout, self.grace, self.keeps) = (invocation, timeout, grace, keeps)
  }

  /// How often the caller is asked, in milliseconds.
  private static let interval: Int32 = 100

  /// Throws a `PlumbError` when it cannot be started.
  package func run(isCancelled: () -> Bool = { false }) throws -> Finished {
    let output = try OutputPipe(keeps: keeps)
    let mark = RunMark(folder: invocation.folder)
    var invocation = invocation
    invocation.environment.merge(mark.environment) { $1 }
    let process = try ChildProcess(invocation, output: output.writer, errors: output.writer)
    output.closeWriter()
    let watchdog = Watchdog(process: process.processIdentifier, mark: mark)
    defer {
      process.stop(grace: grace)
      mark.killStrays()
      watchdog?.dismiss()
    }
    let deadline = timeout.map(Deadline.init)
    while true {
      let left = deadline?.left ?? .infinity
      output.drain(orUntil: process.descriptor, milliseconds: min(Self.interval, Int32(max(0, min(left, 1)) * 1000) + 1))
      if let ending = process.ending {
        output.drain()
        return Finished(outcome: .ended(ending), said: output.said)
      }
      if isCancelled() { return Finished(outcome: .cancelled, said: output.said) }
      if let timeout, left <= 0 {
        process.stop(grace: grace)
        output.drain()
        return Finished(outcome: .tookTooLong(timeout), said: output.said)
      }
    }
  }
}
