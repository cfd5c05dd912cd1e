package import Basics
package import StageRuntime
import Synchronization

/// Where tasks are run: the lanes of this machine, processes, a cluster. It decides nothing, and keeps no account of cells.
package protocol TaskRunner: AnyObject, Sendable {
  /// Takes a task and returns at once; the ticket gets one verdict, from any thread.
  func start(_ task: ExecutionTask, _ ticket: TaskTicket)

  /// Nothing still to run needs these artifacts: what is held of them in memory may go.
  func letGo(_ artifacts: Set<Digest>)

  /// Every task has had its verdict and none will come. Returns once everything is given back.
  func end()
}

/// What a runner owes for a task: one verdict. A ticket that is let go of without one says that the task was lost, so that
/// nobody waits for it.
package final class TaskTicket: Sendable {
  private let deliver: @Sendable (Verdict, Double) -> Void
  private let advance: @Sendable (Int) -> Void
  private let receive: @Sendable (Int, Int?) -> Void
  private let isOpen = Atomic(true)

  package init(
    advance: @escaping @Sendable (Int) -> Void = { _ in }, receive: @escaping @Sendable (Int, Int?) -> Void = { _, _ in },
    deliver: @escaping @Sendable (_ verdict: Verdict, _ seconds: Double) -> Void
  ) {
    (self.advance, self.receive, self.deliver) = (advance, receive, deliver)
  }

  deinit { finish(.lost, seconds: 0) }

  /// Network evaluations just done.
  package func advanced(_ evaluations: Int) { advance(evaluations) }

  /// Bytes of a file that have been fetched so far.
  package func received(_ bytes: Int, of total: Int?) { receive(bytes, total) }

  /// Later verdicts are not heard.
  package func finish(_ verdict: Verdict, seconds: Double) {
    if isOpen.exchange(false, ordering: .acquiringAndReleasing) { deliver(verdict, seconds) }
  }
}

/// What is done with a task once somebody runs it.
package protocol TaskWork: Sendable {
  func perform(_ task: ExecutionTask, in context: StageContext) throws -> Verdict
}
