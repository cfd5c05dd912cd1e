import Basics
import FileFaults
import Foundation
import FoundationXML
import Report
import Results
import Testing

@Suite struct ReportPageTests {
  @Test func writesPageFiguresTablesAndGrids() throws {
    // Set PLUMB_REPORT_PREVIEW to a folder to look at the page.
    let preview = ProcessInfo.processInfo.environment["PLUMB_REPORT_PREVIEW"]
    try Fixture.inFolder { folder in
      let folder = preview ?? folder
      let paths = try ReportPage(content: Fixture.content()).write(into: folder).paths
      #expect(paths.first == "report.html")
      for path in paths { #expect(FileManager.default.fileExists(atPath: "\(folder)/\(path)"), "\(path)") }
      for name in ["tables/scores.csv", "tables/scores.json", "tables/scores.md", "tables/scores.tex", "figures/epsilon-norms.csv"] {
        #expect(paths.contains(name), "\(name)")
      }
      #expect(paths.contains("samples/sample_scaling.b=1.02,scaling.k=0.png"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.hasSuffix(".tmp") })
    }
  }

  @Test func `whatever fails while a report is written, every file of it is whole, and it is told`() throws {
    // Without gnuplot, whose own files are not the report's.
    let page = ReportPage(content: try Fixture.content(), renderer: FigureRenderer(searchPath: ""))
    let whole = Dictionary(try page.assemble().files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    let trial = try FaultTrial(step: 5) {
      whole[$0] == $1
    } work: {
      _ = try page.write(into: $0)
    }
    #expect(trial.findings.isEmpty, "\(trial.findings.prefix(5))")
    #expect(trial.calls > 50 && trial.told > trial.calls / 5)
  }

  @Test func pageIsWellFormedAndLoadsNothing() throws {
    let html = try Self.html(Fixture.content())
    try Self.expectWellFormed(html)
    for forbidden in ["<script", "src=\"http", "href=\"http", "@import", "url("] { #expect(!html.contains(forbidden), "\(forbidden)") }
    #expect(html.contains(Digest(of: "scaling.b=1,scaling.k=0images").hex))
    #expect(html.contains("image-rendering:pixelated"))
  }

  @Test func everyTextIsEscaped() throws {
    let evil = "<b onclick='x'>&\"\u{301} \u{1}</b>{{title}}"
    var content = try Fixture.content()
    content.title = evil
    content.about = evil
    content.run = evil
    content.command = evil
    content.ending = .failed(evil)
    content.pipeline = evil
    content.machine = evil
    content.notes = [evil]
    content.parameters = [ReportParameter(name: evil, value: evil, origin: evil)]
    content.cells = [
      ReportCell(
        name: evil, stage: evil, state: .failed, key: evil, outputs: [ReportFact(evil, evil)], parameters: [ReportFact(evil, evil)])
    ]
    content.versions = [ReportFact(evil, evil)]
    content.profile = .object([evil: .text(evil)])
    content.samples = [Fixture.samples(evil, [1, 8, 8], count: 25, try Fixture.digits())]
    content.tables = [
      ReportTable(
        name: evil,
        value: GatheredTable(
          axes: [evil], shared: [:],
          rows: [
            GatheredTable.Row(label: evil, coordinates: [evil: .text(evil)], values: ["x": StoredResult(["kind": .text(evil)])])
          ]))
    ]
    let html = try Self.html(content)
    try Self.expectWellFormed(html)
    #expect(!html.contains("<b onclick"))
    #expect(!html.unicodeScalars.contains("\u{1}"))
    #expect(html.contains("{{title}}"))
  }

  @Test func missingGnuplotLeavesANoteAndTheNumbers() throws {
    try Fixture.inFolder { folder in
      let page = ReportPage(content: try Fixture.content(), renderer: FigureRenderer(searchPath: folder))
      let paths = try page.write(into: folder + "/report").paths
      #expect(!paths.contains { $0.hasSuffix(".svg") || $0.hasSuffix(".pdf") })
      #expect(paths.contains("figures/delta.csv"))
      let html = String(decoding: try AtomicFile.read(folder + "/report/report.html"), as: UTF8.self)
      try Self.expectWellFormed(html)
      #expect(html.components(separatedBy: "gnuplot was not found").count == 2, "said once")
      #expect(html.contains("<details open"))
    }
  }

  @Test func emptyReportIsStillAPage() throws {
    let html = try Self.html(ReportContent(title: "nothing"))
    try Self.expectWellFormed(html)
  }

  @Test func unreadableSamplesAreANote() throws {
    var content = ReportContent(title: "odd")
    content.samples = [
      Fixture.samples("latents", [4, 8, 8], count: 1, [UInt8](repeating: 0, count: 256)),
      Fixture.samples("short", [1, 8, 8], count: 1, [1, 2, 3]), Fixture.samples("flat", [], count: 1, []),
      Fixture.samples("huge", [3, .max, .max], count: 1, [0]),
    ]
    let html = try Self.html(content)
    try Self.expectWellFormed(html)
    for name in ["latents", "short", "flat", "huge"] { #expect(html.contains("\(name): no grid can be drawn")) }
  }

  @Test func filesOfCellsWithLikeNamesDoNotOverwriteEachOther() throws {
    var content = ReportContent(title: "names")
    content.samples = ["a/b", "a b", "../../etc/passwd"].map { Fixture.samples($0, [1, 1, 1], count: 1, [7]) }
    let paths = try ReportPage(content: content).assemble().files.map(\.path)
    #expect(paths == ["samples/a_b.png", "samples/a_b-2.png", "samples/etc_passwd.png", "report.html"])
  }

  /// Without gnuplot: these tests look at the page and not at the pictures.
  static func html(_ content: ReportContent) throws -> String {
    let files = try ReportPage(content: content, renderer: FigureRenderer(searchPath: "")).assemble().files
    return String(decoding: try #require(files.last).bytes, as: UTF8.self)
  }

  static func expectWellFormed(_ html: String) throws {
    let parser = XMLParser(data: Data(html.utf8))
    let isFine = parser.parse()
    #expect(isFine, "line \(parser.lineNumber): \(String(describing: parser.parserError))")
  }
}
