package import ArtifactStore
package import Basics
import Foundation
package import StageRuntime
import Synchronization

/// Runs tasks on lanes of this process: operating system threads, each with a context of its own. They are started with the
/// first task.
package final class LaneRunner: TaskRunner {
  private struct State {
    var tasks: [(ExecutionTask, TaskTicket)] = []
    var isEnded = false
    var isStarted = false
    /// Raised whenever residents were let go of.
    var version = 0
  }

  private let lanes: Int
  private let work: any TaskWork
  private let store: ArtifactStore
  private let residents: Residents
  private let cancellation: Cancellation
  private let state = Mutex(State())
  private let awake = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  package init(lanes: Int, work: any TaskWork, store: ArtifactStore, residents: Residents, cancellation: Cancellation) {
    self.lanes = max(1, lanes)
    (self.work, self.store, self.residents, self.cancellation) = (work, store, residents, cancellation)
  }

  package func start(_ task: ExecutionTask, _ ticket: TaskTicket) {
    let isFirst = state.withLock { state in
      state.tasks.append((task, ticket))
      defer { state.isStarted = true }
      return !state.isStarted
    }
    if isFirst { startThreads() }
    awake.signal()
  }

  package func letGo(_ artifacts: Set<Digest>) {
    guard residents.letGo(artifacts) else { return }
    state.withLock { $0.version += 1 }
    // Lanes without work give back what they hold, too.
    for _ in 0..<lanes { awake.signal() }
  }

  package func end() {
    let isStarted = state.withLock { state in
      state.isEnded = true
      return state.isStarted
    }
    guard isStarted else { return }
    for _ in 0..<lanes { awake.signal() }
    for _ in 0..<lanes { ended.wait() }
  }

  private func startThreads() {
    for _ in 0..<lanes {
      let thread = Thread { [self] in
        live()
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// A lane's life: take a task, do it, tell.
  private func live() {
    let current = Mutex<TaskTicket?>(nil)
    let ticket: @Sendable () -> TaskTicket? = { current.withLock { $0 } }
    let context = StageContext(
      store: store, residents: residents, isCancelled: { [cancellation] in cancellation.isRequested },
      advanced: { ticket()?.advanced($0) }, received: { ticket()?.received($0, of: $1) })
    var version = 0
    while true {
      awake.wait()
      let (next, isEnded, now) = state.withLock { state in
        (state.tasks.isEmpty ? nil : state.tasks.removeFirst(), state.isEnded, state.version)
      }
      if now != version {
        context.dropUnused()
        version = now
      }
      guard let (task, owed) = next else {
        if isEnded { return }
        continue
      }
      current.withLock { $0 = owed }
      let verdict: Verdict
      do { verdict = try work.perform(task, in: context) } catch { verdict = .failed(PlumbError(wrapping: error)) }
      current.withLock { $0 = nil }
      owed.finish(verdict, seconds: context.takeSeconds())
    }
  }
}
