import Basics
import Execution
import Foundation
import Synchronization

/// What Ctrl-C, SIGTERM and a terminal that hangs up do. As long as nothing is under way that is worth keeping, they end the
/// program as they end any. In between they are a request to stop, after which what was finished is kept; a second Ctrl-C or
/// SIGTERM then ends the program at once (everything finished is in the store either way, and the programs it started go
/// with it).
enum Interruption {
  static let cancellation = Cancellation()

  /// Whether somebody asked the program to stop.
  static var isRequested: Bool { cancellation.isRequested }

  /// From here on a signal is a request.
  @discardableResult
  static func begin() -> Cancellation {
    // Touched here, so that the handlers never run the lazy initialiser.
    _ = cancellation.isRequested
    Output.givesUp.withLock { $0 = { Interruption.cancellation.isRequested } }
    // Whoever started us may have had them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.cancellation.isRequested { _exit(ExitStatus.interrupted.rawValue) }
        Interruption.cancellation.request()
      }
    }
    // Never the second one that ends at once: kernel and shell both send it when a terminal goes. Who was started to outlive
    // the terminal (nohup) has it ignored, and goes on.
    if !isIgnored(SIGHUP) { signal(SIGHUP) { _ in Interruption.cancellation.request() } }
    return cancellation
  }

  /// From here on what is under way can be done again: a signal ends the program at once.
  static func end() {
    for number in [SIGINT, SIGTERM] { signal(number) { _ in _exit(ExitStatus.interrupted.rawValue) } }
    if !isIgnored(SIGHUP) { signal(SIGHUP) { _ in _exit(ExitStatus.interrupted.rawValue) } }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // SIG_IGN is a cast of 1 in C, which Swift does not compare.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
