import Basics
import Planning
import Testing

/// Values that planning is made of.
@Suite struct PlanValuesTests {
  @Test(arguments: [("90s", 90.0), ("20min", 1200), ("2h", 7200), ("1.5d", 129_600), ("0.5 h", 1800)])
  func aBudgetHasAUnit(_ text: String, _ seconds: Double) throws {
    #expect(try TimeBudget(parsing: text).seconds == seconds)
  }

  @Test(arguments: ["", "2", "h", "2x", "-1h", "0s", "nanh", "2 hours"]) func aBudgetThatIsNoneIsRefused(_ text: String) {
    #expect(throws: PlumbError.self) { try TimeBudget(parsing: text) }
  }

  @Test func anIndexReadsBackAndADamagedOneIsNone() throws {
    let index = RunIndex(
      profile: Digest(of: "profile"),
      entries: [
        .init(ownKey: Digest(of: "a"), stage: "sample", seconds: 1.25, flops: 3e18),
        .init(ownKey: Digest(of: "b"), stage: "table", seconds: 0, flops: 0),
      ])
    #expect(RunIndex(index.encoded) == index)
    #expect(RunIndex(Array(index.encoded.dropLast(9))) == nil)
    #expect(RunIndex(Array("something else\n".utf8)) == nil)
  }

  @Test func oneDisturbedRunDoesNotMoveARate() {
    func entry(_ seconds: Double) -> RunIndex.Entry { .init(ownKey: Digest(of: ""), stage: "sample", seconds: seconds, flops: 1e9) }
    #expect(MeasuredRates([entry(1), entry(1), entry(500)]).flopsPerSecond["sample"] == 1e9)
    #expect(MeasuredRates([entry(1), entry(0.5)]).overall == 1.5e9)
    #expect(MeasuredRates([]).overall == nil)
  }

  @Test func aTinyRunDoesNotMoveARateWhicheverIsNewer() {
    let long = RunIndex.Entry(ownKey: Digest(of: ""), stage: "sample", seconds: 100, flops: 1e12)
    let tiny = (0..<9).map { _ in RunIndex.Entry(ownKey: Digest(of: ""), stage: "sample", seconds: 1, flops: 1e8) }
    #expect(MeasuredRates([long] + tiny).flopsPerSecond["sample"] == 1e10)
    #expect(MeasuredRates(tiny + [long]).overall == 1e10)
  }

  @Test func aGraphEscapesItsLabels() throws {
    let table = try CellTestPipelines.table("  a: {uses: join, gather: [x], inputs: {\"p\\\"q\": use-x}}")
    let graph = PipelineGraph(stagesOf: table)
    #expect(graph.dot.contains("[label=\"p\\\"q (all of x)\"]"), "\(graph.dot)")
    #expect(graph.mermaid.contains("|\"p#34;q (all of x)\"|"), "\(graph.mermaid)")
    #expect(graph.nodes.map { $0.lines[0] } == ["use-x", "use-y", "use-s", "a"])
    #expect(graph.nodes.first?.lines.last == "2 cells over x")
  }
}
