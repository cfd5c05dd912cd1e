import PipelineLanguage
import Planning
import StageSchema
import Testing

@Suite struct CellExpanderTests {
  @Test func `a stage runs once per value it mentions and others follow cell by cell`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}}\n  b: {uses: source}\n  c: {uses: join, inputs: {i: a, j: b}}")
    #expect(table.names("a") == ["a[x=1]", "a[x=2]"])
    #expect(table.names("b") == ["b"])
    #expect(table.sources("c", "i") == [["a[x=1]"], ["a[x=2]"]])
    #expect(table.sources("c", "j") == [["b"], ["b"]])
  }

  @Test func `shared axes agree and the others multiply`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  b: {uses: join, inputs: {i: use-x, j: use-s}}\n  c: {uses: join, inputs: {i: a, j: b}}"
    )
    #expect(table.names("a") == ["a[x=1,y=1]", "a[x=1,y=1.5]", "a[x=1,y=0.5]", "a[x=2,y=1]", "a[x=2,y=1.5]", "a[x=2,y=0.5]"])
    #expect(table.names("c").count == 18)
    for cell in table.cells where cell.stage == "c" {
      let parts = cell.inputs.flatMap(\.sources).map { table.cells[$0.cell] }
      for part in parts { #expect(part.coordinates.allSatisfy(cell.coordinates.contains)) }
    }
    let last = try #require(table.cell(named: "c[s.b=1,s.k=0.004,x=2,y=0.5]"))
    #expect(last.inputs.flatMap(\.sources).map { table.cells[$0.cell].name } == ["a[x=2,y=0.5]", "b[s.b=1,s.k=0.004,x=2]"])
  }

  @Test func `gather folds an axis in declared order and hands over once what lacks it`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  g: {uses: join, gather: [y], inputs: {i: a, j: use-x, k: use-y}}")
    #expect(table.names("g") == ["g[x=1]", "g[x=2]"])
    #expect(table.sources("g", "i")[1] == ["a[x=2,y=1]", "a[x=2,y=1.5]", "a[x=2,y=0.5]"])
    #expect(table.sources("g", "j")[1] == ["use-x[x=2]"])
    #expect(table.sources("g", "k")[0] == table.sources("g", "k")[1])
    let cell = try #require(table.cell(named: "g[x=1]"))
    #expect(cell.inputs.map(\.isGathered) == [true, false, true])
    #expect(cell.input("i")?.sources.map { $0.coordinates.map(\.value) } == [[.number(1)], [.number(1.5)], [.number(0.5)]])
    #expect(cell.input("j")?.sources.map(\.coordinates) == [[]])
  }

  @Test func `several axes are gathered with the last running fastest`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  g: {uses: join, gather: [y, x], inputs: {i: a}}")
    #expect(table.sources("g", "i") == [["a[x=1,y=1]", "a[x=1,y=1.5]", "a[x=1,y=0.5]", "a[x=2,y=1]", "a[x=2,y=1.5]", "a[x=2,y=0.5]"]])
  }

  @Test func `a pick loses its axis for that port only`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  p: {uses: join, inputs: {i: \"a[y=1.50]\", j: a}}\n  q: {uses: join, inputs: {i: 'use-s[s.k=0,s.b=1.0].curve'}}"
    )
    #expect(table.names("p").count == 6)
    #expect(table.sources("p", "i") == ["1", "1", "1", "2", "2", "2"].map { ["a[x=\($0),y=1.5]"] })
    #expect(table.names("q") == ["q"])
    #expect(table.sources("q", "i") == [["use-s[s.b=1,s.k=0]"]])
  }

  @Test func `what is excluded is left out and so is what needs it`() throws {
    let table = try CellTestPipelines.table(
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  b: {uses: join, inputs: {i: a}}\n  g: {uses: join, gather: [y], inputs: {i: b}}",
      rest: "exclude: [{x: 1, y: [1, 0.5]}, {s.k: 0.004}]")
    #expect(table.names("a") == ["a[x=1,y=1.5]", "a[x=2,y=1]", "a[x=2,y=1.5]", "a[x=2,y=0.5]"])
    #expect(table.names("b").count == 4)
    #expect(table.sources("g", "i")[0] == ["b[x=1,y=1.5]"])
    #expect(table.names("use-x").count == 2)
    #expect(table.names("use-s") == ["use-s[s.b=1,s.k=0]", "use-s[s.b=1.02,s.k=0]"])
  }

  @Test func `an exclude that only other excludes make idle is found in the cells`() throws {
    let loaded = CellTestPipelines.load("  b: {uses: join, inputs: {i: 'use-x[x=1]'}, with: {a: $y}}", rest: "exclude: [{x: 1}]")
    let notes = CellExpander.expand(try #require(loaded.pipeline)).diagnostics
    #expect(notes.map(\.code) == [.noCells])
    #expect(notes.first?.range.text == "b")
  }

  @Test func `cells are named by the fields that vary`() throws {
    let table = try CellTestPipelines.table("", ["s=[{k: 0, b: 1}, {k: 0, b: 1.02}]", "x=7", "y=[3]"])
    #expect(table.names("use-s") == ["use-s[s.b=1]", "use-s[s.b=1.02]"])
    #expect(table.names("use-x") == ["use-x"])
    #expect(table.names("use-y") == ["use-y[y=3]"])
  }

  @Test func `names tell apart what looks alike`() throws {
    let table = try CellTestPipelines.table("", ["use-x.with.t=1,'1','a,b',no,'',true,'x y','-'"])
    let names = table.names("use-x")
    #expect(Set(names).count == names.count)
    #expect(
      names.prefix(4).map { $0.replacing(",x=1]", with: "]") } == [
        "use-x[use-x.t=1]", "use-x[use-x.t=\"1\"]", "use-x[use-x.t=\"a,b\"]", "use-x[use-x.t=no]",
      ])
    for name in names { #expect(CellSelector.parse(name, in: table).cells.map { table.cells[$0].name } == [name]) }
  }

  @Test func `parameters are typed per cell and know where they are written`() throws {
    let table = try CellTestPipelines.table("  b: {uses: source, with: {a: $s.b, t: 'x is $(x)'}}")
    #expect(table.names("b").count == 6)
    let cell = try #require(table.cell(named: "b[s.b=1.02,s.k=0,x=2]"))
    #expect(cell.parameters == ["a": .number(1.02), "t": .text("x is 2"), "s": .null])
    #expect(cell.literal(of: "a")?.text == "1.02")
    #expect(cell.literal(of: "t")?.text == "'x is $(x)'")
    #expect(cell.literal(of: "s") == nil)
  }

  @Test func `a sweep of twenty thousand cells is expanded whole`() throws {
    let stages =
      "  a: {uses: join, inputs: {i: use-x}, with: {a: $y}}\n  b: {uses: join, inputs: {i: a}}\n  g: {uses: join, gather: [x, y], inputs: {i: b}}"
    let count = try CellTestPipelines.table(stages, ["x=1:100:1", "y=1:100:1"]).cells.count
    #expect(count == 20_000 + 100 + 100 + 3 + 1)
  }
}

@Suite struct CellSelectorTests {
  private func select(_ text: String) throws -> (names: [String], codes: [String]) {
    let table = try CellTestPipelines.table("  a: {uses: join, inputs: {i: use-s}, with: {a: $y}}")
    let selection = CellSelector.parse(text, in: table)
    let codes = selection.diagnostics.map { "\($0.code) \($0.range.start.column) \($0.suggestion ?? "-")" }
    return (selection.cells.map { table.cells[$0].name }, codes)
  }

  @Test func `a selector names a stage, some cells or one`() throws {
    #expect(try select("a").names.count == 9)
    #expect(try select("a[y=1]").names == ["a[s.b=1,s.k=0,y=1]", "a[s.b=1.02,s.k=0,y=1]", "a[s.b=1,s.k=0.004,y=1]"])
    #expect(try select("a[s.b=1.020, y=.5]").names == ["a[s.b=1.02,s.k=0,y=0.5]"])
    #expect(try select("a[s.b=1,s.k=0.004,y=0.5]").names == ["a[s.b=1,s.k=0.004,y=0.5]"])
    #expect(try select("use-s[s={k: 0, b: 1.0}]").names == ["use-s[s.b=1,s.k=0]"])
  }

  @Test(
    arguments: [
      ("use-z", "P051 1 use-x"), ("a[z=1]", "P059 3 -"), ("a[x=1]", "P059 3 -"), ("a[y=7]", "P060 5 -"), ("a[y=1", "P057 6 -"),
      ("a[y]", "P057 4 -"), ("a.curve", "P057 3 -"), ("a[b=1.02]", "P059 3 s.b"), ("", "P057 1 -"),
    ])
  func `a wrong selector is reported at its word`(_ text: String, _ expected: String) throws {
    let (names, codes) = try select(text)
    #expect(names == [])
    #expect(codes == [expected])
  }

  @Test func `the cells needed are those behind the wanted ones`() throws {
    let table = try CellTestPipelines.table("  a: {uses: join, inputs: {i: use-x, j: use-s}}", rest: "default: [\"a[x=2,s.b=1.02]\"]")
    #expect(table.defaults.map { table.cells[$0].name } == ["a[s.b=1.02,s.k=0,x=2]"])
    #expect(
      table.needed(by: table.defaults).map { table.cells[$0].name } == ["use-x[x=2]", "use-s[s.b=1.02,s.k=0]", "a[s.b=1.02,s.k=0,x=2]"])
  }
}
