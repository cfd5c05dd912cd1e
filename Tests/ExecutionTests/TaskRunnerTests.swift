import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import StageRuntime
import Synchronization
import Testing

/// What is beneath the scheduler: tasks as values, tickets, and runs on any runner.
@Suite struct TaskRunnerTests {
  private static let text = """
    plumb: 1
    name: runner
    params: {offset: {sweep: [1, 2]}}
    stages:
      numbers: {uses: numbers, with: {samples: 10, offset: $offset}}
      total: {uses: total, inputs: {numbers: numbers}}
      all: {uses: total, gather: [offset], inputs: {numbers: numbers}}
    default: [total, all]
    """

  /// Runs each task on a thread of its own from nothing but its text; loses those it is told to.
  private final class TextRunner: TaskRunner {
    private let work: CellWork
    private let store: ArtifactStore
    private let loses: @Sendable (ExecutionTask) -> Bool

    init(_ workspace: Workspace, _ plan: Plan, loses: @escaping @Sendable (ExecutionTask) -> Bool = { _ in false }) {
      work = CellWork(plan: plan, store: workspace.store, profile: plan.profile.digest, request: workspace.request.digest)
      store = workspace.store
      self.loses = loses
    }

    func start(_ task: ExecutionTask, _ ticket: TaskTicket) {
      let text = task.json.encoded()
      Thread { [self] in
        guard let read = try? ExecutionTask(json: JSONValue(parsing: text)), !loses(read) else { return }
        let context = StageContext(
          store: store, residents: Residents(on: ToyDevice()), isCancelled: { false }, advanced: { ticket.advanced($0) })
        do {
          ticket.finish(try work.perform(read, in: context), seconds: 0.5)
        } catch { ticket.finish(.failed(error as? PlumbError ?? PlumbError("\(error)")), seconds: 0.5) }
      }.start()
    }

    func letGo(_ artifacts: Set<Digest>) {}
    func end() {}
  }

  @Test func `a runner that gets nothing but the text of tasks gives what lanes give`() throws {
    let (one, other) = (try ToyRun(Self.text), try ToyRun(Self.text))
    let onLanes = try one.run(one.workspace())
    let elsewhere = try other.run(other.workspace(), on: { TextRunner($0, $1) })
    #expect(elsewhere.errors == [])
    #expect(onLanes.outputs.count == 5 && elsewhere.outputs == onLanes.outputs)
  }

  @Test func `a task that is lost fails its cell and leaves no run waiting`() throws {
    let toy = try ToyRun(Self.text)
    let finished = try toy.run(toy.workspace(), on: { TextRunner($0, $1) { $0.range == 4..<8 } })
    #expect(finished.status == .failed)
    #expect(finished.errors.contains { $0.contains("without a word") }, "\(finished.errors)")
  }

  @Test func `tasks of another request, key or file are refused`() throws {
    let toy = try ToyRun(Self.text)
    let workspace = try toy.workspace()
    let finished = try toy.run(workspace)
    let plan = finished.plan
    let work = CellWork(plan: plan, store: toy.store, profile: plan.profile.digest, request: workspace.request.digest)
    let cell = try #require(finished.outcomes.first { $0.cell.cell.stage == "numbers" })
    let key = try #require(cell.key)
    func task(_ key: Digest, request: Digest? = nil, files: [String: Digest] = [:], sources: [Digest] = []) -> ExecutionTask {
      ExecutionTask(
        request: request ?? workspace.request.digest, cell: cell.cell.cell.name, range: nil, key: key, sources: sources, files: files)
    }
    let context = StageContext(store: toy.store, residents: Residents(on: ToyDevice()), isCancelled: { false }, advanced: { _ in })
    guard case .result(_, let isComputed, _) = try work.perform(task(key), in: context) else { throw PlumbError("no result") }
    #expect(!isComputed, "it is in the store")
    let fresh = CellWork(plan: plan, store: toy.store, profile: plan.profile.digest, request: workspace.request.digest)
    let wrong = [
      task(key, request: Digest(of: "other")), task(Digest(of: "other key")), task(key, files: ["file": key]), task(key, sources: [key]),
    ].map { wrong in (wrong, (try? fresh.perform(wrong, in: context)) == nil) }
    for (task, isRefused) in wrong { #expect(isRefused, "\(task)") }
  }

  @Test func `a task reads back from its text`() throws {
    let task = ExecutionTask(
      request: Digest(of: "r"), cell: "sample[b=1.02]", range: 32..<64, key: Digest(of: "k"), sources: [Digest(of: "s")],
      files: ["file": Digest(of: "f")], isForced: true)
    #expect(try ExecutionTask(json: JSONValue(parsing: task.json.encoded())) == task)
    for text in ["{}", "[]", "{\"request\":\"x\"}"] {
      #expect(throws: PlumbError.self, "\(text)") { try ExecutionTask(json: JSONValue(parsing: Array(text.utf8))) }
    }
    var bounds = task.json.object ?? [:]
    bounds["range"] = [64, 32]
    #expect(throws: PlumbError.self) { try ExecutionTask(json: .object(bounds)) }
  }

  @Test func `a ticket is answered once, and for a runner that lets go of it`() {
    let heard = Mutex<[String]>([])
    func ticket() -> TaskTicket {
      TaskTicket { verdict, _ in
        let isLost = if case .lost = verdict { true } else { false }
        heard.withLock { $0.append(isLost ? "lost" : "ended") }
      }
    }
    let answered = ticket()
    answered.finish(.block(isComputed: true), seconds: 1)
    answered.finish(.lost, seconds: 1)
    #expect(heard.withLock { $0 } == ["ended"])
    _ = ticket()
    #expect(heard.withLock { $0 } == ["ended", "lost"])
  }
}
