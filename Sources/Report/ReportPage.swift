import Basics
import Pictures

/// A report as files: one self-contained page, and beside it every figure, table and sample grid to take away.
///
///     let written = try ReportPage(content: content, cache: StoreFigureCache(store: store)).write(into: "reports/run-7")
///     // written.paths: ["report.html", "figures/epsilon-norms.svg", …]
public struct ReportPage: Sendable {
  private let content: ReportContent
  private let renderer: FigureRenderer
  private let cache: (any FigureCache)?

  public init(content: ReportContent, renderer: FigureRenderer = FigureRenderer(), cache: (any FigureCache)? = nil) {
    self.content = content
    self.renderer = renderer
    self.cache = cache
  }

  /// What was written, and what a terminal shows of it.
  package struct Written {
    /// Within the folder, the page first.
    package let paths: [String]
    let scores: [ResultTable]
    /// Everything that could not be shown, and what was left out.
    let notes: [String]
  }

  /// Writes every file, each whole or not at all, the page last.
  ///
  /// Data that cannot be shown, and a missing gnuplot, end as notes on the page. Throws when a file cannot be written.
  package func write(into folder: String) throws -> Written {
    let (made, model) = try assemble()
    var folders: Set<String> = []
    for file in made {
      let directory = file.path.split(separator: "/").dropLast().joined(separator: "/")
      let whole = directory.isEmpty ? folder : "\(folder)/\(directory)"
      if folders.insert(whole).inserted { try AtomicFile.makeDirectory(whole) }
      try AtomicFile.write(file.bytes, to: "\(folder)/\(file.path)")
    }
    return Written(paths: made.reversed().map(\.path), scores: model.scores, notes: model.notes)
  }

  /// Every file in the order of writing: the page is last, so that it never links to what is not there.
  package func assemble() throws -> (files: [(path: String, bytes: [UInt8])], model: PageModel) {
    var model = PageModel(content: content)
    model.notes = content.notes
    var files: [(path: String, bytes: [UInt8])] = []
    for (index, table) in content.tables.enumerated() {
      let prefix = content.tables.count > 1 ? FileName.safe(table.name, else: "table-\(index + 1)") + "-" : ""
      add(SweepTable(table, design: content.design), prefix: prefix, to: &model, files: &files)
    }
    addSamples(to: &model, files: &files)
    model.notes = Self.few(model.notes)
    files.append(("report.html", Array(try model.html().utf8)))
    return (Self.uniquePaths(files), model)
  }

  private func add(_ sweep: SweepTable, prefix: String, to model: inout PageModel, files: inout [(path: String, bytes: [UInt8])]) {
    model.notes += sweep.notes
    model.findings += Findings.all(of: sweep).map { finding in
      var named = finding
      if content.tables.count > 1 { named.topic += ", \(sweep.name)" }
      return named
    }
    let (figures, left) = ExposureFigures.all(of: sweep, prefix: prefix)
    model.notes += left
    for figure in figures {
      var rendered: RenderedFigure?
      do {
        let drawn = try renderer.render(figure, cache: cache)
        files.append(("figures/\(figure.name).svg", drawn.svg))
        files.append(("figures/\(figure.name).pdf", drawn.pdf))
        rendered = drawn
      } catch {
        model.notes.append(Self.words(error, without: figure.name))
      }
      files.append(("figures/\(figure.name).csv", Array(figure.csv.utf8)))
      model.figures.append(PageModel.DrawnFigure(figure: figure, rendered: rendered))
    }
    for table in [ScoreTable.table(of: sweep, prefix: prefix), PairedChanges.table(of: sweep, prefix: prefix)].compactMap({ $0 }) {
      files.append(("tables/\(table.name).csv", Array(table.csv.utf8)))
      files.append(("tables/\(table.name).json", table.json.encoded(pretty: true)))
      files.append(("tables/\(table.name).md", Array(table.markdown(rows: Selection.tableRows).utf8)))
      files.append(("tables/\(table.name).tex", Array(table.latex(rows: Selection.tableRows).utf8)))
      model.scores.append(table)
    }
  }

  private func addSamples(to model: inout PageModel, files: inout [(path: String, bytes: [UInt8])]) {
    for (index, set) in content.samples.enumerated() {
      do {
        let grid = try SampleGrid(set)
        let png = try picture(of: set, on: grid)
        files.append(("samples/\(FileName.safe(set.name, else: "samples-\(index + 1)")).png", png))
        model.samples.append(PageModel.DrawnSamples(set: set, grid: grid, png: png))
      } catch {
        model.notes.append(Self.words(error))
      }
    }
  }

  /// The grid as a PNG file, drawn before where that is known.
  private func picture(of set: ShownSamples, on grid: SampleGrid) throws -> [UInt8] {
    let key = set.content.map { CanonicalValue.list([.text("sample grid"), .integer(Int64(SampleGrid.look)), .digest($0)]).digest }
    if let kept = key.flatMap({ cache?.picture(for: $0) }) { return kept }
    let png = try grid.image(of: set.read(grid.shown)).encoded()
    if let key { cache?.keep(png, for: key) }
    return png
  }

  /// The error in words; a missing program is said once and not once per figure.
  private static func words(_ error: any Error, without figure: String = "") -> String {
    guard var error = error as? PlumbError else { return "\(error)" }
    // A program that hangs, or is not there, is no figure's fault.
    if error.place == figure || error.kind == .hangs { error.place = nil }
    return error.description
  }

  /// More notes nobody reads.
  private static let noteLimit = 40

  /// Each note once; of very many the first, and how many more there are.
  private static func few(_ notes: [String]) -> [String] {
    var seen: Set<String> = []
    let unique = notes.filter { seen.insert($0).inserted }
    guard unique.count > noteLimit else { return unique }
    return unique.prefix(noteLimit) + ["… and \(NumberText.count(unique.count - noteLimit)) more notes of the same run."]
  }

  /// Two cells whose names differ only in signs a file name cannot hold get numbers.
  private static func uniquePaths(_ files: [(path: String, bytes: [UInt8])]) -> [(path: String, bytes: [UInt8])] {
    var seen: Set<String> = []
    return files.map { file in
      var path = file.path
      var number = 2
      while !seen.insert(path).inserted {
        let dot = file.path.lastIndex(of: ".") ?? file.path.endIndex
        path = "\(file.path[..<dot])-\(number)\(file.path[dot...])"
        number += 1
      }
      return (path, file.bytes)
    }
  }
}

/// Names of cells as names of files.
enum FileName {
  /// Letters, digits, `.`, `=`, `+`, `,` and `-` stay; anything else becomes one `_`. Never empty, hidden or long.
  static func safe(_ name: String, else fallback: String) -> String {
    var safe = ""
    for scalar in name.unicodeScalars {
      let keeps =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(Character(scalar)) || ".=+,-".unicodeScalars.contains(scalar))
      if keeps { safe.unicodeScalars.append(scalar) } else if !safe.hasSuffix("_") { safe += "_" }
    }
    safe = String(safe.drop { $0 == "." || $0 == "_" || $0 == "-" }.prefix(100))
    while safe.hasSuffix("_") || safe.hasSuffix(".") { safe.removeLast() }
    return safe.isEmpty ? fallback : safe
  }
}
