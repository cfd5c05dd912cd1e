import Foundation
import Synchronization

/// Where the task that runs a process and the thread that waits for it meet.
final class Hold: Sendable {
  typealias Start = Result<(process: Int32, descriptor: Int32), any Error>

  private struct State {
    var start: Start?
    var isReleased = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let hasStarted = DispatchSemaphore(value: 0)

  /// By the task: the process is there, or is not. What comes after the first is of no interest.
  func started(_ start: Start) {
    let isFirst = state.withLock { state in
      defer { state.start = state.start ?? start }
      return state.start == nil
    }
    if isFirst { hasStarted.signal() }
  }

  /// By the thread: waits for the start.
  func start() throws -> (process: Int32, descriptor: Int32) {
    hasStarted.wait()
    guard let start = state.withLock({ $0.start }) else { return (-1, -1) }
    return try start.get()
  }

  /// By the task: suspends until the process may be reaped.
  func released() async {
    await withCheckedContinuation { continuation in
      let isReleased = state.withLock { state in
        if !state.isReleased { state.waiting = continuation }
        return state.isReleased
      }
      if isReleased { continuation.resume() }
    }
  }

  /// By the thread: nobody will ask for the process any more.
  func release() {
    let waiting = state.withLock { state in
      state.isReleased = true
      return state.waiting.take()
    }
    waiting?.resume()
  }
}

/// Runs tasks on a dispatch queue.
final class QueueExecutor: TaskExecutor {
  static let shared = QueueExecutor()

  private let queue = DispatchQueue(label: "child processes")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
