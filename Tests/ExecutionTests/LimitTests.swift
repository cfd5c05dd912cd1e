import Basics
import Execution
import Foundation
import PipelineLanguage
import Planning
import Synchronization
import Testing

/// How much of the machine a run takes, and which cells of a sweep it can run at all.
@Suite struct LimitTests {
  private func text(_ file: String = "", _ stage: String = "", mark: String = "") -> String {
    """
    plumb: 1
    name: limits
    \(file)
    stages:
      numbers: {uses: numbers, with: {samples: 40, mark: "\(mark)"}\(stage)}
      total: {uses: total, inputs: {numbers: numbers}}
    default: [total]
    """
  }

  private final class Crowd: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }
    func pass() {
      state.withLock { state in
        state.now += 1
        state.most = max(state.most, state.now)
      }
      Thread.sleep(forTimeInterval: 0.05)
      state.withLock { $0.now -= 1 }
    }
  }

  private func most(_ file: String = "", _ stage: String = "", mark: String) throws -> Int {
    let toy = try ToyRun(text(file, stage, mark: mark))
    let crowd = Crowd()
    ToyStages.hooks.withLock { $0[mark] = { if case .block = $0 { crowd.pass() } } }
    #expect(try toy.run(toy.workspace(lanes: 4)).errors == [])
    return crowd.most
  }

  @Test func `a stage's lanes cap how many of its blocks run at once`() throws {
    #expect(try most(mark: "crowd-4") > 2)
    #expect(try most("", ", run: {lanes: 1}", mark: "crowd-1") == 1)
    #expect(try most("", ", run: {lanes: 2}", mark: "crowd-2") == 2)
  }

  @Test func `a stage's lanes cap verification, too`() throws {
    let toy = try ToyRun(text("", ", run: {lanes: 1}", mark: "crowd-verified"))
    try toy.run(toy.workspace(lanes: 4))
    let crowd = Crowd()
    ToyStages.hooks.withLock { $0["crowd-verified"] = { if case .block = $0 { crowd.pass() } } }
    let workspace = try toy.workspace(lanes: 4)
    let plan = try workspace.plan(history: workspace.history())
    let verdicts = try Verification(workspace: workspace, plan: plan, profile: plan.profile.digest, options: .init(tolerance: 0))
      .run(cancellation: Cancellation()) { _, _ in }
    #expect(verdicts.count == plan.cells.count && crowd.most == 1, "\(crowd.most) at once")
  }

  @Test func `memory caps lanes by the plan's figure`() throws {
    // 34 MiB of the process, 1 MiB a lane.
    let toy = try ToyRun(text("run: {memory: 36MiB}"))
    let plan = try toy.workspace(lanes: 8).plan(history: toy.workspace().history())
    #expect(plan.lanes == 2 && plan.peakMemory == 36 << 20)
    #expect(try most("run: {memory: 36MiB}", mark: "crowd-file") == 2)
    #expect(try most("", ", run: {memory: 37MiB}", mark: "crowd-stage") <= 3)
  }

  @Test(arguments: [("run: {memory: 1MiB}", ""), ("", ", run: {memory: 1MiB}")])
  func `memory that one lane does not fit in is refused with both figures`(_ hints: (file: String, stage: String)) throws {
    let toy = try ToyRun(text(hints.file, hints.stage))
    do {
      _ = try toy.run(toy.workspace())
      Issue.record("it ran")
    } catch {
      let said = (error as? DiagnosticsError).map { $0.diagnostics.map(\.rendered).joined() } ?? "\(error)"
      #expect(said.contains("at least 35 MiB") && said.contains("1 MiB"), "\(said)")
    }
  }

  @Test func `an impossible cell of a sweep is named, exclude is offered, and kept going the others run`() throws {
    let toy = try ToyRun(
      """
      plumb: 1
      name: impossible
      params: {offset: {sweep: [1, 666, 2]}}
      stages:
        numbers: {uses: numbers, with: {samples: 4, offset: $offset}}
        total: {uses: total, inputs: {numbers: numbers}}
      default: [total]
      """)
    let error = #expect(throws: DiagnosticsError.self) { try toy.run(toy.workspace()) }
    let said = error?.diagnostics.map(\.rendered).joined() ?? ""
    for word in ["numbers[offset=666]", "exclude: [{offset: 666}]", "--keep-going"] { #expect(said.contains(word), "\(said)") }
    let told = Mutex<[String]>([])
    let finished = try toy.run(toy.workspace(), keepsGoing: true) { event in
      if case .failed(let cell, _) = event { told.withLock { $0.append(cell) } }
    }
    #expect(told.withLock { $0 } == ["numbers[offset=666]"])
    #expect(finished.status == .failed && finished.errors == [])
    #expect(finished.ending("total[offset=1]") == "computed" && finished.ending("total[offset=2]") == "computed")
    let refused = try #require(finished.record.cells.first { $0.name == "numbers[offset=666]" }, "the record tells of it")
    #expect(refused.state == .failed && refused.error?.isEmpty == false && refused.coordinates == ["offset": 666])
    #expect(finished.record.leftOutCells)
    let again = try toy.workspace().plan(history: toy.workspace().history(), keepsGoing: true)
    #expect(throws: Never.self, "it can be planned again, as it was") { try finished.record.check(against: again) }
  }

  @Test func `a mistake of all cells of a stage is not mended by leaving one out`() throws {
    let toy = try ToyRun(text().replacing("samples: 40", with: "samples: 40, offset: 666"))
    let error = #expect(throws: DiagnosticsError.self) { try toy.run(toy.workspace(), keepsGoing: true) }
    #expect(error?.diagnostics.map(\.rendered).joined().contains("exclude") == false)
  }

  @Test func `four billion samples are planned in no time, also on a store that holds results`() throws {
    let toy = try ToyRun(text())
    try toy.run(toy.workspace())
    let long = try toy.workspace("numbers.with.samples=4000000000")
    let time = try ContinuousClock().measure {
      let plan = try long.plan(history: long.history())
      let blocks = try #require(plan.cells.first?.blocks)
      #expect(blocks.total == 1_000_000_000 && blocks.cached == 10 && blocks.samplesToDo == 3_999_999_960)
    }
    #expect(time < .seconds(5), "\(time)")
  }

  @Test func `a run that is stopped while it plans says so`() throws {
    let toy = try ToyRun(text())
    let cancellation = Cancellation()
    cancellation.request()
    let error = #expect(throws: PlumbError.self) { try toy.run(toy.workspace(), cancellation: cancellation) }
    #expect(error?.kind == .interrupted)
  }

  @Test func `networks of which one is only needed after the other do not add up in the plan's memory`() throws {
    func peak(_ stages: String) throws -> Int {
      let toy = try ToyRun(
        "plumb: 1\nname: memory\nstages:\n  numbers: {uses: numbers, with: {samples: 4}}\n\(stages)default: [a, b]\n")
      // Beside the process and the lane of the numbers.
      return (try toy.workspace(lanes: 1).plan(history: toy.workspace().history()).peakMemory - (35 << 20)) >> 20
    }
    let (a, b) = ("  a: {uses: total, inputs: {numbers: numbers}, with: {factor: 10}}\n", "  b: {uses: total, inputs: {numbers: numbers")
    #expect(try peak(a + b + "}, with: {factor: 20}}\n") == 30)
    #expect(try peak(a + b + ", after: a}, with: {factor: 20}}\n") == 20, "a is let go of before b begins")
    #expect(try peak(a + b + ", after: a}, with: {factor: 10}}\n") == 10, "one network, twice")
  }
}
