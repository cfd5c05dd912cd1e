import Basics
import ChildProcesses
import Foundation
import Testing

@Suite struct ProgramRunTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path + "/plumb-child-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
  }

  private func run(
    _ script: String, timeout: Double? = nil, grace: Double = 0, keeps: Int = 16 << 10, isCancelled: () -> Bool = { false }
  ) throws -> (finished: ProgramRun.Finished, seconds: Double) {
    let invocation = Invocation(
      "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "A": "b", "TMPDIR": "/elsewhere"], folder: folder)
    let start = Date()
    let finished = try ProgramRun(invocation, timeout: timeout, grace: grace, keeps: keeps).run(isCancelled: isCancelled)
    return (finished, -start.timeIntervalSinceNow)
  }

  /// Whether a process of that number does anything any more; one that was killed may take a moment.
  private func isGone(_ process: Int32) -> Bool {
    for _ in 0..<250 {
      let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      if status.isEmpty || status.contains(") Z ") { return true }
      usleep(20_000)
    }
    return false
  }

  @Test func `a program sees its folder, its environment and no input, and what it says comes back with its status`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (finished, _) = try run("pwd; echo $A$HOME $TMPDIR; cat; echo wrong >&2; exit 3")
    #expect(finished.outcome == .ended(.exited(3)))
    #expect(String(decoding: finished.said, as: UTF8.self) == "\(folder)\nb /elsewhere\nwrong\n")
    #expect(try run("kill -9 $$").finished.outcome == .ended(.signalled(9)))
  }

  @Test func `a program that is not there is an error that names it`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect { try ProgramRun(Invocation("/nowhere/at all", [], environment: [:], folder: folder)).run() } throws: {
      "\($0)".contains("/nowhere/at all")
    }
  }

  @Test func `of a program that talks much the end is kept`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (finished, _) = try run("seq 1 400000; echo end", keeps: 1000)
    #expect(finished.outcome == .ended(.exited(0)) && finished.said.count == 1000)
    #expect(String(decoding: finished.said, as: UTF8.self).hasSuffix("\n400000\nend\n"))
  }

  @Test(arguments: ["sleep 40 &", "setsid sleep 40 &", "setsid sh -c 'sleep 40 & sleep 40' &", "(setsid nohup sleep 40 &)"])
  func `a program's end is its own, and what it left in the background goes with it`(_ background: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (finished, seconds) = try run("\(background)\n sleep 0.2; echo done")
    #expect(finished.outcome == .ended(.exited(0)) && finished.said == Array("done\n".utf8))
    #expect(seconds < 10, "the run waited for a child in the background: \(seconds) s")
    let marked = try processes(mentioning: folder)
    #expect(marked.allSatisfy(isGone), "still running: \(marked)")
  }

  /// Processes whose environment holds a text.
  private func processes(mentioning text: String) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { process in
      guard process != getpid(), let data = FileManager.default.contents(atPath: "/proc/\(process)/environ") else { return false }
      return data.range(of: Data(text.utf8)) != nil
    }
  }

  @Test func `a timeout fires on time, whoever holds the output`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (finished, seconds) = try run("trap '' TERM; setsid sleep 40 & while :; do sleep 40; done", timeout: 0.5, grace: 0.5)
    #expect(finished.outcome == .tookTooLong(0.5))
    #expect(seconds > 0.9 && seconds < 10, "\(seconds) s")
    let marked = try processes(mentioning: folder)
    #expect(marked.allSatisfy(isGone), "still running: \(marked)")
  }

  @Test func `a program that heeds being asked to stop has time to say so`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (finished, seconds) = try run("trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done", timeout: 0.5, grace: 20)
    #expect(finished.outcome == .tookTooLong(0.5) && String(decoding: finished.said, as: UTF8.self).hasSuffix("bye\n"))
    #expect(seconds < 10)
  }

  @Test func `who asks for the end gets it within a second`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let start = Date()
    let (finished, seconds) = try run("exec >&- 2>&-; sleep 40 & sleep 40") { start.timeIntervalSinceNow < -0.3 }
    #expect(finished.outcome == .cancelled)
    #expect(seconds < 5, "\(seconds) s")
  }

  /// Twice as many as the cooperative pool can have threads, each holding one until its program has ended.
  @Test func `runs that block every thread of the cooperative pool come to their end`() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let count = 2 * ProcessInfo.processInfo.activeProcessorCount + 2
    let outcomes = try await withThrowingTaskGroup(of: ProgramRun.Outcome.self) { group in
      for index in 0..<count {
        let place = "\(folder)/\(index)"
        try AtomicFile.makeDirectory(place)
        group.addTask {
          try ProgramRun(Invocation("/bin/sh", ["-c", "sleep 0.1"], environment: ["PATH": "/bin"], folder: place), timeout: 60).run()
            .outcome
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == Array(repeating: .ended(.exited(0)), count: count))
  }
}
