import ArtifactStore
import Basics
package import Logging
package import Planning
import StageRuntime
import StageSchema
import Synchronization

/// Computes tasks of one request for a run that is elsewhere: a task comes in as text, a verdict goes out as text, and results
/// go through the store. For one thread.
package final class TaskService {
  private let work: CellWork
  private let context: StageContext
  private let evaluations: Count
  private let log: Logger

  private final class Count: Sendable {
    private let value = Mutex(0)
    func add(_ number: Int) { value.withLock { $0 += number } }
    func taken() -> Int {
      value.withLock { value in
        defer { value = 0 }
        return value
      }
    }
  }

  /// Plans what was asked, without cells that cannot be run: who hands out tasks has told of them. Throws as planning does.
  /// - Parameter log: what becomes of every task, for whoever looks after machines that nobody watches.
  package init(_ workspace: Workspace, cancellation: Cancellation, log: Logger) throws {
    self.log = log
    let plan = try workspace.plan(history: RunHistory(store: workspace.store, limit: 0), keepsGoing: true) { cancellation.isRequested }
    work = CellWork(plan: plan, store: workspace.store, profile: plan.profile.digest, request: workspace.request.digest)
    let count = Count()
    evaluations = count
    context = StageContext(
      store: workspace.store, residents: Residents(on: workspace.catalogue.device), isCancelled: { cancellation.isRequested },
      advanced: { count.add($0) })
  }

  /// The verdict on a task, with the evaluations and seconds it took. What is no task gets a verdict, too.
  package func answer(_ line: some Sequence<UInt8>) -> [UInt8] {
    var task: ExecutionTask?
    let verdict: Verdict
    do {
      let read = try ExecutionTask(json: JSONValue(parsing: Array(line)))
      task = read
      verdict = try work.perform(read, in: context)
    } catch { verdict = .failed(PlumbError(wrapping: error)) }
    let seconds = context.takeSeconds()
    tell(verdict, on: task, seconds)
    var answer = verdict.json.object ?? [:]
    answer["evaluations"] = JSONValue(evaluations.taken())
    answer["seconds"] = .number(seconds)
    return JSONValue.object(answer).encoded()
  }

  private func tell(_ verdict: Verdict, on task: ExecutionTask?, _ seconds: Double) {
    var facts: Logger.Metadata = [:]
    if let task {
      facts["cell"] = "\(task.cell)"
      facts["key"] = "\(task.key.short)"
      if let range = task.range { facts["samples"] = "\(range.lowerBound)-\(range.upperBound)" }
    }
    switch verdict {
    case .block(let isComputed, let note), .result(_, let isComputed, let note):
      facts["seconds"] = "\((seconds * 1000).rounded() / 1000)"
      log.info(isComputed ? "computed" : "found in the store", metadata: facts)
      if let note { log.warning("\(note)", metadata: facts) }
    case .failed(let error): log.error("\(error)", metadata: facts)
    case .lost: log.error("it ended without a word", metadata: facts)
    }
  }
}
