import Basics
import Report
import Results
import Testing

@Suite struct SweepTableTests {
  @Test func portsAreRecognisedByKindAndNotByName() throws {
    let table = try Fixture.table()
    let renamed = table.with("shared", ["x": table["shared"]?["training"] ?? .null]).with(
      "rows",
      .list(
        (table["rows"]?.list ?? []).map { row in
          let values = row["values"] ?? .null
          return row.with("values", ["p": values["norms"] ?? .null, "q": values["delta"] ?? .null, "r": values["score"] ?? .null])
        }))
    let (plain, other) = (try Fixture.sweep(table), try Fixture.sweep(renamed))
    #expect(other.notes == [])
    #expect(ExposureFigures.all(of: other, prefix: "").figures == ExposureFigures.all(of: plain, prefix: "").figures)
  }

  @Test func whatVariesAlongFewerAxesBelongsToEveryRowThatAgrees() throws {
    func row(_ coordinates: [String: JSONValue], _ values: [String: JSONValue]) -> GatheredTable.Row {
      GatheredTable.Row(label: "", coordinates: coordinates, values: values.mapValues(StoredResult.init))
    }
    func training(_ norm: Double) -> [String: JSONValue] {
      ["training": ["kind": "epsilon-norms", "mode": "training", "steps": 1, "epsilon_norm": [JSONValue.number(norm)]]]
    }
    func score(_ value: Double) -> [String: JSONValue] { ["score": ["kind": "scores", "metrics": ["fd": .number(value)]]] }
    let points = [5, 10].flatMap { steps in
      [1.0, 1.02].map { b in row(["steps": JSONValue(steps), "b": .number(b)], score(Double(steps) + b)) }
    }
    let once = [row(["steps": 5], training(0.5)), row(["steps": 10], training(0.6)), row(["steps": 20], training(0.7))]
    let joined = SharedRows.joined(points + once)
    // Nothing has 20 steps but the training norms: they stay a row of their own.
    #expect(joined.count == 5)
    for (item, point) in zip(joined, points) {
      #expect(item.coordinates == point.coordinates)
      #expect(item.values["score"] == point.values["score"])
      let expected = training(point.coordinates["steps"] == 5 ? 0.5 : 0.6)
      #expect(item.values["training"]?.json == expected["training"], "\(item)")
    }
    #expect(joined.last?.coordinates == ["steps": 20])
  }

  @Test func labelsAreForPeople() throws {
    #expect(try Fixture.sweep().rows.map(\.label.full) == ["b = 1", "b = 1.02", "λ(i) = 0.004 i + 1"])
    #expect(Coordinate(axis: "steps", value: 20).text == "steps = 20")
    #expect(Lambda(slope: 0, offset: 1.017).text == "b = 1.017")
    #expect(Lambda(slope: 0.002, offset: 1.0110000000000001).text == "λ(i) = 0.002 i + 1.011")
    #expect(Lambda(slope: 0.1, offset: -1).text == "λ(i) = 0.1 i − 1")
    #expect(Coordinate(axis: "model", value: ["name": "a", "width": 3]).text == "name = a, width = 3")
  }

  @Test func otherAxesMakeGroupsWithTheirOwnBaseline() throws {
    let table = try Fixture.table()
    let rows = table["rows"]?.list ?? []
    let seeded = (0..<2).flatMap { seed in
      rows.map { $0.with("coordinates", ($0["coordinates"] ?? .null).with("seed", JSONValue(seed))) }
    }
    let sweep = try Fixture.sweep(table.with("axes", ["scaling", "seed"]).with("rows", .list(seeded)))
    #expect(sweep.groups.map(\.label) == ["seed = 0", "seed = 1"])
    #expect(sweep.groups.map { $0.baseline?.position } == [0, 3])
    #expect(ExposureFigures.all(of: sweep, prefix: "").figures.dropFirst(6).first?.name == "epsilon-norms-2")
    let paired = try #require(PairedChanges.table(of: sweep, prefix: ""))
    #expect(paired.rows.count == 4)
    // Both groups hold the same rows: the spread of the change is zero.
    #expect(paired.rows.allSatisfy { $0[4] == .number(0) })
  }

  @Test func baselineIsTheUnscaledRowWhereverItStands() throws {
    let table = try Fixture.table()
    let sweep = try Fixture.sweep(table.with("rows", .list((table["rows"]?.list ?? []).reversed())))
    #expect(sweep.groups.first?.baseline?.position == 2)
  }

  @Test func stepsAxisIsDrawnApartAndScoredTogether() throws {
    let table = try Fixture.table()
    let row = try #require(table["rows"]?.list?.first)
    let short = row.with("coordinates", ["steps": 2]).with(
      "values", ["d": ["kind": "delta", "steps": 2, "delta": [0.1, 0.2]], "s": ["kind": "scores", "metrics": ["fd": 9]]])
    let sweep = try Fixture.sweep(table.with("axes", ["steps"]).with("rows", [row.with("coordinates", ["steps": 20]), short]))
    #expect(sweep.groups.count == 1)
    #expect(sweep.figureGroups.map(\.label) == ["T′ = 20", "T′ = 2"])
  }

  @Test(arguments: [
    ["kind": "table"] as JSONValue, ["kind": "table", "axes": [], "rows": [[:]]],
    [
      "kind": "table",
      "rows": [["values": ["a": ["kind": "delta"], "b": ["kind": "epsilon-norms"], "c": ["kind": "scores", "metrics": ["fd": "x"]]]]],
    ],
    [
      "kind": "table",
      "rows": [["values": ["a": ["kind": "delta", "delta": [1, "x"], "indices": [5, 5]], "b": ["kind": "delta", "delta": []]]]],
    ],
    ["kind": "table", "rows": [["values": ["a": 3, "b": ["kind": "table"], "c": ["kind": "other", "values": [1]]]]]],
    [
      "kind": "table",
      "rows": [
        [
          "values": [
            "a": ["kind": "delta", "delta": [1, 2], "indices": [.integer(.max), -1], "lambda": [0, 0], "marginal_std": [0, 0]]
          ]
        ]
      ],
    ],
  ])
  func oddDataIsANoteAndNeverACrash(_ value: JSONValue) throws {
    let sweep = try Fixture.sweep(value)
    var content = ReportContent(title: "odd")
    content.tables = [ReportTable(name: "table", value: try GatheredTable(json: value))]
    try ReportPageTests.expectWellFormed(ReportPageTests.html(content))
    #expect(sweep.notes.isEmpty == (value["axes"] != nil), "\(sweep.notes)")
  }

  @Test func aCurveOfHugeExtentsIsDrawnWithoutATrap() throws {
    let value: JSONValue = [
      "kind": "table",
      "rows": [["values": ["a": ["kind": "epsilon-norms", "epsilon_norm": [1, .null], "lambda": [0, 1], "steps": .integer(.max)]]]],
    ]
    var content = ReportContent(title: "odd")
    content.tables = [ReportTable(name: "table", value: try GatheredTable(json: value))]
    try ReportPageTests.expectWellFormed(ReportPageTests.html(content))
  }

  @Test func listsOfAnotherLengthAreLeftOutAndSaid() throws {
    let value: JSONValue = [
      "kind": "table",
      "rows": [
        ["label": "b=1", "values": ["d": ["kind": "delta", "steps": 3, "delta": [0.3, 0.2], "marginal_std": [0.5], "indices": [0, 1]]]]
      ],
    ]
    let sweep = try Fixture.sweep(value)
    #expect(sweep.notes == ["table, b=1, d: marginal_std holds 1 values where 2 were expected; it is left out"])
    #expect(ExposureFigures.all(of: sweep, prefix: "").figures.map(\.name) == ["delta"])
  }
}
