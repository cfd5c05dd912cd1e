import Execution
import Foundation

/// Turns SIGINT and SIGTERM into a request to stop; a second one ends the program at once (everything finished is in
/// the store either way).
enum Interruption {
  private static let cancellation = Cancellation()

  static func install() -> Cancellation {
    // Touched here, so that the handler never runs the lazy initialiser.
    _ = cancellation.isRequested
    // Whoever started us may have had them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for signalNumber in [SIGINT, SIGTERM] {
      signal(signalNumber) { _ in
        if Interruption.cancellation.isRequested { _exit(130) }
        Interruption.cancellation.request()
      }
    }
    return cancellation
  }
}
