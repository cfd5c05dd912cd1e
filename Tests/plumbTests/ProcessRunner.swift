import ArtifactStore
import Basics
import Execution
import Foundation
import Planning
import Synchronization

/// Runs tasks in child processes of the built program, `plumb work`: they know what was asked and the store, nothing else.
final class ProcessRunner: TaskRunner {
  private let store: ArtifactStore
  private let profile: Digest
  private let children: [Child]
  private let queue = Mutex<[(ExecutionTask, TaskTicket)]>([])
  private let arrived = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  /// A process with its ends of the two pipes.
  final class Child: @unchecked Sendable {
    let process = Process()
    private let toChild = Pipe()
    private let fromChild = Pipe()
    private var rest: [UInt8] = []

    init(_ request: String, store: String) throws {
      process.executableURL = URL(fileURLWithPath: try Program.path)
      process.arguments = ["work", request, "--store", store]
      process.standardInput = toChild
      process.standardOutput = fromChild
      try process.run()
    }

    /// The answer to a line; nil when the process has gone.
    func ask(_ line: [UInt8]) -> [UInt8]? {
      guard (try? toChild.fileHandleForWriting.write(contentsOf: Data(line + [0x0A]))) != nil else { return nil }
      while true {
        if let end = rest.firstIndex(of: 0x0A) {
          defer { rest = Array(rest[(end + 1)...]) }
          return Array(rest[..<end])
        }
        let more = fromChild.fileHandleForReading.availableData
        guard !more.isEmpty else { return nil }
        rest += more
      }
    }

    func end() {
      try? toChild.fileHandleForWriting.close()
      process.waitUntilExit()
    }
  }

  init(_ workspace: Workspace, _ plan: Plan, count: Int) throws {
    // A process that went away is an error of write, not a signal.
    signal(SIGPIPE, SIG_IGN)
    store = workspace.store
    profile = plan.profile.digest
    let request = workspace.store.root + "/request.json"
    try AtomicFile.makeDirectory(workspace.store.root)
    try AtomicFile.write(workspace.request.recorded.json.encoded(), to: request)
    children = try (0..<count).map { _ in try Child(request, store: workspace.store.root) }
    for child in children {
      Thread { [self] in
        serve(child)
        ended.signal()
      }.start()
    }
  }

  /// The processes, for a test to end one.
  var identifiers: [Int32] { children.map(\.process.processIdentifier) }

  func start(_ task: ExecutionTask, _ ticket: TaskTicket) {
    queue.withLock { $0.append((task, ticket)) }
    arrived.signal()
  }

  func letGo(_ artifacts: Set<Digest>) {}

  func end() {
    for _ in children { arrived.signal() }
    for _ in children { ended.wait() }
  }

  private func serve(_ child: Child) {
    defer { child.end() }
    while true {
      arrived.wait()
      guard let (task, ticket) = queue.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
      guard let answer = child.ask(task.json.encoded()) else { continue }
      do {
        let json = try JSONValue(parsing: answer)
        ticket.advanced(json["evaluations"]?.integer ?? 0)
        let verdict = try Verdict(json: json) { try store.recorded(ResultKey(semantic: task.key, profile: profile)) }
        ticket.finish(verdict, seconds: json["seconds"]?.double ?? 0)
      } catch {
        ticket.finish(.failed(error as? PlumbError ?? PlumbError("\(error)")), seconds: 0)
      }
    }
  }
}
