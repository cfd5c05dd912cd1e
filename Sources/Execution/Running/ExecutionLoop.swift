import Basics
import DequeModule
import Foundation
import StageRuntime
import Synchronization

/// Carries out what a scheduler commands, on a runner: the one place where both meet. It runs on the thread that calls `run`;
/// runners answer through a mailbox, and nothing else is shared. Looking up and telling happen here, with no lock held.
struct ExecutionLoop {
  let runner: any TaskRunner
  let cancellation: Cancellation
  /// The task of a piece.
  let task: (Scheduler.Piece, Scheduler) throws -> ExecutionTask
  let lookUp: (_ cell: Int, Scheduler.Keys, _ isAfresh: Bool, Scheduler) -> Scheduler.Found
  let report: @Sendable (ExecutionEvent) -> Void
  let counters: EvaluationCounters
  /// Called about five times a second.
  let idle: () -> Void

  private static let interval = 0.2

  /// Runs to the end, to the first failure, or until cancelled. The scheduler tells how every cell ended.
  func run(_ initial: Scheduler) -> Scheduler {
    var scheduler = initial
    let mailbox = Mailbox()
    var commands = Deque(scheduler.handle(.begin))
    var isCancelled = false
    var lastIdle = DispatchTime.now()
    while true {
      while let command = commands.popFirst() {
        switch command {
        case .lookUp(let cell, let keys, let isAfresh):
          let found = lookUp(cell, keys, isAfresh, scheduler)
          notice(&isCancelled, &scheduler, &commands)
          commands.append(contentsOf: scheduler.handle(.lookedUp(cell: cell, found)))
        case .start(let piece): start(piece, scheduler, mailbox)
        case .tell(let event): report(event)
        case .letGo(let artifacts): runner.letGo(artifacts)
        case .end:
          runner.end()
          return scheduler
        }
      }
      let events = mailbox.take(within: Self.interval)
      if Double(DispatchTime.now().uptimeNanoseconds - lastIdle.uptimeNanoseconds) * 1e-9 >= Self.interval {
        idle()
        lastIdle = .now()
      }
      notice(&isCancelled, &scheduler, &commands)
      for event in events { commands.append(contentsOf: scheduler.handle(event)) }
    }
  }

  /// Tells of a request to stop before anything that came of it: what was interrupted had been asked to.
  private func notice(_ isCancelled: inout Bool, _ scheduler: inout Scheduler, _ commands: inout Deque<Scheduler.Command>) {
    guard !isCancelled, cancellation.isRequested else { return }
    isCancelled = true
    commands.append(contentsOf: scheduler.handle(.cancelled))
  }

  private func start(_ piece: Scheduler.Piece, _ scheduler: Scheduler, _ mailbox: Mailbox) {
    let (name, last) = (scheduler.cells[piece.cell].name, LastReport())
    let ticket = TaskTicket(
      advance: { [counters] in counters.add($0, to: piece.cell) },
      receive: { [report] received, total in
        // Bytes come in small portions; five times a second is enough for any display.
        if received == total || last.isDue(Self.interval) { report(.fetching(cell: name, received: received, total: total)) }
      },
      deliver: { mailbox.post(.ended(piece, $0, seconds: $1)) })
    do { runner.start(try task(piece, scheduler), ticket) } catch { ticket.finish(.failed(PlumbError(wrapping: error)), seconds: 0) }
  }

  /// When something was told last.
  private final class LastReport: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    func isDue(_ interval: Double) -> Bool {
      last.withLock { last in
        guard last.map({ $0.duration(to: .now) > .seconds(interval) }) ?? true else { return false }
        last = .now
        return true
      }
    }
  }
}

/// Events on their way from any thread to one.
private final class Mailbox: Sendable {
  private let events = Mutex<[Scheduler.Event]>([])
  private let arrived = DispatchSemaphore(value: 0)

  func post(_ event: Scheduler.Event) {
    events.withLock { $0.append(event) }
    arrived.signal()
  }

  /// All that has come; waits for the first, and no longer than so many seconds.
  func take(within seconds: Double) -> [Scheduler.Event] {
    _ = arrived.wait(timeout: .now() + seconds)
    return events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
