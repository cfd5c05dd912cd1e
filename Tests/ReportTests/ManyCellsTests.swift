import Basics
import Report
import Results
import Testing

/// A sweep of two thousand cells: what is shown is bounded, and what is not shown is said and in a file.
@Suite struct ManyCellsTests {
  private static let count = 2000

  private static func content() -> ReportContent {
    let values = (0..<count).map { 1 + Double($0) / 10_000 }
    let rows = values.map { b -> GatheredTable.Row in
      var norms = Curve(.epsilonNorms, mode: .sampling, steps: 2, samples: 1)
      norms.set(.epsilonNorm, [8 * b, 8])
      norms.set(.lambda, [b, b])
      return GatheredTable.Row(
        label: "b=\(b)", coordinates: ["b": .number(b)],
        values: [
          "norms": StoredResult(norms.json), "score": StoredResult(Scores(samples: 1, metrics: ["fd": (b - 1.05003) * (b - 1.05003)]).json),
        ])
    }
    let axis = RecordedAxis(
      name: "b", fills: [.init(stage: "sample", field: "epsilon_scaling.b", source: "", isWhole: true, meaning: .lambdaOffset)])
    let lambdas = values.map { (["b": JSONValue.number($0)], Lambda(slope: 0, offset: $0)) }
    return ReportContent(
      title: "many", design: SweepDesign(axes: [axis], lambdas: Dictionary(lambdas, uniquingKeysWith: { first, _ in first })),
      cells: values.map { b in
        ReportCell(
          name: "sample[b=\(b)]", stage: "sample", state: b == values[1234] ? .failed : .computed, key: Digest(of: "\(b)").hex,
          outputs: [ReportFact("images", Digest(of: "images \(b)").hex)], seconds: 0.001, parameters: [ReportFact("steps", "2")])
      }, tables: [ReportTable(name: "table", value: GatheredTable(axes: ["b"], shared: [:], rows: rows))])
  }

  @Test func figuresAreThinnedAndSaySo() throws {
    let content = Self.content()
    let sweep = SweepTable(try #require(content.tables.first), design: content.design)
    let figures = ExposureFigures.all(of: sweep, prefix: "").figures
    let norms = try #require(figures.first { $0.name == "epsilon-norms" })
    #expect(norms.series.count == Selection.curves)
    #expect(norms.series.first?.label == "sampling, b = 1" && norms.series.last?.label == "b = 1.1999")
    #expect(norms.caption.contains("Drawn: 12 of 2,000 cells, evenly spread"))
  }

  @Test func thePageIsSmallAndTheFilesAreWhole() throws {
    let (files, _) = try ReportPage(content: Self.content(), renderer: FigureRenderer(searchPath: "")).assemble()
    let total = files.reduce(0) { $0 + $1.bytes.count }
    #expect(total < 2_000_000, "\(total) bytes: \(files.map { ($0.path, $0.bytes.count) })")
    let page = String(decoding: try #require(files.last).bytes, as: UTF8.self)
    try ReportPageTests.expectWellFormed(page)
    #expect(page.contains("The first 200 of 2,000 rows; the CSV file has all of them."))
    #expect(page.contains("60 of 2,000 cells"))
    #expect(page.contains("sample[b=\(1 + 1234.0 / 10_000)]"), "a cell that failed is not shown")
    let csv = try #require(files.first { $0.path == "tables/scores.csv" })
    #expect(csv.bytes.count { $0 == UInt8(ascii: "\n") } == Self.count + 1)
  }

  @Test func longListsAreSummedUp() throws {
    let content = Self.content()
    let findings = Findings.all(of: SweepTable(try #require(content.tables.first), design: content.design))
    let text = try #require(findings.first { $0.topic == "FD" }).text
    // The baseline is 0.05003²; the least is at b = 1.05, the largest at the end. Below the baseline: 1.0001 to 1.1000.
    #expect(
      text.hasPrefix(
        "0.00250 at b = 1 (1 samples); paired change from −0.0025 (b = 1.05) to +0.020 (b = 1.1999), lower in 1,000 of 1,999 cells"))
  }

  @Test func aFewOfManyAreEvenlySpread() {
    #expect(Selection.spread(Array(0..<10), 4) == [0, 3, 6, 9])
    #expect(Selection.spread([1, 2], 4) == [1, 2])
    #expect(Selection.spread([1, 2], 1) == [1])
    #expect(Selection.spread([1, 2], 0) == [])
  }
}
