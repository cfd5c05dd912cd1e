import Basics
import Report
import Testing

@Suite struct ResultTableTests {
  @Test func scoreTableHasAxesMetricsChangesAndMeasures() throws {
    let table = try #require(ScoreTable.table(of: try Fixture.sweep(), prefix: ""))
    #expect(
      table.columns.map(\.key) == [
        "scaling.b", "scaling.k", "class_score", "class_score_change", "fd", "fd_change", "mean_gap", "mean_absolute_gap", "delta_first",
        "spread_ratio_first",
      ])
    #expect(table.value(0, 5) == .missing)
    let fd = (0..<3).compactMap { table.value($0, 4).number }
    #expect(table.value(2, 5).number == fd[2] - fd[0])
    #expect(table.isBest(2, 4, table.best))
    #expect(table.isBest(0, 2, table.best))
  }

  @Test func csvIsExactAndQuoted() {
    #expect(sample.csv == "name,\"a,b\",change\n\"x\"\"y, z\",0.1,-0.30000000000000004\nplain,,\n")
  }

  @Test func jsonKeepsTypes() throws {
    let json = try JSONValue(parsing: sample.json.encoded())
    #expect(json["columns"] == ["name", "a,b", "change"])
    #expect(json["rows"]?.list?.first?["a,b"] == 0.1)
    #expect(json["rows"]?.list?.last?["change"] == .null)
  }

  @Test func markdownIsEscaped() {
    var table = sample
    table.rows[0][0] = .text("a|b*_<i>\n")
    #expect(table.markdown().contains("| a\\|b\\*\\_&lt;i&gt;  | 0.1000 | −0.300 |"))
  }

  @Test func latexIsEscaped() {
    #expect(
      LaTeXText.escaped("50 % of a_b & {c} #1 $x\\ ~^ λ₁ ↓")
        == "50 \\% of a\\_b \\& \\{c\\} \\#1 \\$x\\textbackslash{} \\textasciitilde{}\\textasciicircum{} $\\lambda$$_1$ $\\downarrow$")
    var table = sample
    table.caption = "first\n\\input{evil}"
    #expect(table.latex().hasPrefix("% first \\input{evil}\n\\begin{tabular}{lrr}\n\\toprule\n"))
  }

  @Test func everyRowIsShownUnlessALimitIsGiven() {
    var table = sample
    table.rows = (1...300).map { [.text("row \($0) of them"), .integer($0), .missing] }
    for (whole, part) in [
      (table.text(), table.text(rows: 200)), (table.markdown(), table.markdown(rows: 200)), (table.latex(), table.latex(rows: 200)),
    ] {
      #expect(whole.contains("row 300 of them") && !whole.contains("CSV"), "\(whole.suffix(200))")
      #expect(part.contains("row 200 of them") && !part.contains("row 201 of them"))
      #expect(part.contains("The first 200 of 300 rows; the CSV file has all of them."))
    }
  }

  @Test func numbersAreRoundedForPeople() {
    #expect(NumberText.significant(4.0493) == "4.049")
    #expect(NumberText.significant(-0.000123456, 3) == "−0.000123")
    #expect(NumberText.significant(0.0000123, 3) == "1.23e-05")
    #expect(NumberText.significant(.nan) == "–")
    #expect(NumberText.change(0.25) == "+0.250")
    #expect(NumberText.fixed(-0.001, 1) == "0.0")
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.plain(1.0110000000000001) == "1.011")
    #expect(NumberText.duration(3725) == "1 h 2 min")
  }

  private let sample = ResultTable(
    name: "t", caption: "c",
    columns: [
      ResultColumn(key: "name", title: "name"), ResultColumn(key: "a,b", title: "a"),
      ResultColumn(key: "change", title: "change", isChange: true),
    ], rows: [[.text("x\"y, z"), .number(0.1), .number(-0.1 - 0.2)], [.text("plain"), .missing]])
}
