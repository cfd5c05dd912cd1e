import ArtifactStore
import Basics
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

  /// Plans what was asked; throws as planning does.
  package init(_ workspace: Workspace, cancellation: Cancellation) throws {
    let plan = try workspace.plan(history: RunHistory(store: workspace.store, limit: 0)) { cancellation.isRequested }
    work = CellWork(plan: plan, store: workspace.store, profile: plan.profile.digest, request: workspace.request.digest)
    let count = Count()
    evaluations = count
    context = StageContext(
      store: workspace.store, residents: Residents(on: workspace.catalogue.device), isCancelled: { cancellation.isRequested },
      advanced: { count.add($0) })
  }

  /// The verdict on a task, with the evaluations and seconds it took. What is no task gets a verdict, too.
  package func answer(_ line: some Sequence<UInt8>) -> [UInt8] {
    let verdict: Verdict
    do {
      verdict = try work.perform(ExecutionTask(json: JSONValue(parsing: Array(line))), in: context)
    } catch { verdict = .failed(PlumbError(wrapping: error)) }
    var answer = verdict.json.object ?? [:]
    answer["evaluations"] = JSONValue(evaluations.taken())
    answer["seconds"] = .number(context.takeSeconds())
    return JSONValue.object(answer).encoded()
  }
}
