import Basics
import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A program that was started, in a session and process group of its own.
///
/// swift-subprocess starts and reaps it; this is the one place where its asynchronous calls meet threads that wait. They meet
/// in a process descriptor: who waits polls that, takes the status of the ended process without reaping it and only then lets
/// swift-subprocess go on. So nothing that waits here needs a free thread of Swift's cooperative pool (which may be taken by
/// those who wait, tests for one), and until `release` no other process can get the identifier that signals are sent to.
package final class ChildProcess: Sendable {
  package let processIdentifier: Int32
  /// Readable once the process has ended; -1 on a kernel without (before Linux 5.4).
  let descriptor: Int32
  private let hold: Hold
  private let ended = Mutex<Ending?>(nil)

  /// Starts it, with descriptors of the caller, which may be closed afterwards; nil is /dev/null.
  package init(_ invocation: Invocation, input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil) throws {
    Self.hearsOfEnds
    var options = PlatformOptions()
    options.createSession = true
    let configuration = Configuration(
      executable: .path(FilePath(invocation.program)), arguments: Arguments(invocation.arguments),
      environment: .custom(
        Dictionary(uniqueKeysWithValues: invocation.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
      workingDirectory: FilePath(invocation.folder), platformOptions: options)
    guard let null = try? FileDescriptor.open("/dev/null", .readWrite, options: .closeOnExec) else {
      throw PlumbError("no descriptor is left for a program", at: invocation.program.printable(limit: 200))
    }
    defer { try? null.close() }
    let (input, output, errors) = (
      input.map(FileDescriptor.init(rawValue:)) ?? null, output.map(FileDescriptor.init(rawValue:)) ?? null,
      errors.map(FileDescriptor.init(rawValue:)) ?? null
    )
    let hold = Hold()
    // A queue of its own with threads of its own, not the cooperative pool.
    Task(executorPreference: QueueExecutor.shared) {
      do {
        _ = try await Subprocess.run(
          configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: false),
          output: .fileDescriptor(output, closeAfterSpawningProcess: false),
          error: .fileDescriptor(errors, closeAfterSpawningProcess: false)
        ) { execution in
          let process = execution.processIdentifier
          hold.started(.success((process.value, process.processDescriptor)))
          await hold.released()
        }
      } catch {
        hold.started(.failure(error))
      }
    }
    do {
      (processIdentifier, descriptor) = try hold.start()
    } catch {
      throw PlumbError("the program could not be started", at: invocation.program.printable(limit: 200), found: "\(error)")
    }
    self.hold = hold
  }

  deinit { hold.release() }

  /// A process may have inherited that the ends of its children are ignored (`trap '' CHLD`): then nobody can ask how they
  /// ended, and who waits would wait for ever.
  private static let hearsOfEnds: Void = {
    var action = sigaction()
    sigaction(SIGCHLD, nil, &action)
    if unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      signal(SIGCHLD, SIG_DFL)
    }
  }()

  /// How it ended; nil while it runs. Does not wait.
  package var ending: Ending? {
    ended.withLock { ended in
      if ended == nil { ended = Self.look(processIdentifier) }
      return ended
    }
  }

  package var isRunning: Bool { ending == nil }

  /// Waits for its end, as long as `seconds`; nil when it still runs then.
  @discardableResult
  package func wait(seconds: Double = .infinity) -> Ending? {
    let deadline = Deadline(seconds: seconds)
    while true {
      if let ending { return ending }
      guard deadline.left > 0 else { return nil }
      awaitEnd(milliseconds: Int32(min(deadline.left, 1) * 1000) + 1)
    }
  }

  /// Sends a signal to it alone.
  package func send(_ signal: Int32) { kill(processIdentifier, signal) }

  /// Sends a signal to it and to everything it started that stayed in its process group.
  package func sendToGroup(_ signal: Int32) { kill(-processIdentifier, signal) }

  /// Ends it and its group: asked first, if `grace` (seconds) leaves time for that, then killed.
  package func stop(grace: Double) {
    if grace > 0, isRunning {
      sendToGroup(SIGTERM)
      wait(seconds: grace)
    }
    sendToGroup(SIGKILL)
    wait()
  }

  /// Sleeps until it ends, or shorter.
  private func awaitEnd(milliseconds: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if descriptor >= 0 { poll(&request, 1, milliseconds) } else { usleep(5_000) }
  }

  /// The status of an ended process, which stays there for swift-subprocess to reap.
  private static func look(_ process: Int32) -> Ending? {
    var information = siginfo_t()
    guard waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 else { return errno == ECHILD ? .unseen : nil }
    guard information._sifields._sigchld.si_pid == process else { return nil }
    let status = information._sifields._sigchld.si_status
    return information.si_code == CLD_EXITED ? .exited(status) : .signalled(status)
  }
}

/// Seconds from now on, by a clock that nobody sets.
struct Deadline {
  private let end: Double

  init(seconds: Double) { end = Self.now + seconds }

  /// Negative once it has passed.
  var left: Double { end - Self.now }

  private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
}
