import ArtifactStore
import Basics
import Foundation
import Report
import Testing

@Suite struct FigureTests {
  @Test func sweepGivesTheFiguresOfThePaper() throws {
    let figures = ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures
    #expect(figures.map(\.name) == ["epsilon-norms", "epsilon-norm-gap", "delta", "delta-change", "marginal-std", "lambda"])
    let norms = try #require(figures.first)
    #expect(norms.x == Array(1...20))
    #expect(norms.series.map(\.label) == ["training", "sampling, b = 1", "after scaling, b = 1.02", "after scaling, λ(i) = 0.004 i + 1"])
    #expect(norms.series.map(\.role) == [.reference, .baseline, .cell(0), .cell(1)])
  }

  @Test func csvHoldsTimestepsAndExactValues() throws {
    let sweep = try Fixture.sweep()
    let gap = try #require(ExposureFigures.all(of: sweep, prefix: "").figures.first { $0.name == "epsilon-norm-gap" })
    let lines = gap.csv.split(separator: "\n")
    #expect(lines.first == "timestep,model_timestep,b = 1,b = 1.02,λ(i) = 0.004 i + 1")
    #expect(lines.count == 21)
    let fields = lines[1].split(separator: ",")
    #expect(fields.prefix(2) == ["1", "0"])
    // Scaled sampling norm minus training norm, straight from the recorded curves.
    let row = try #require(sweep.rows.dropFirst().first)
    let sampling = try #require(row.values.norms?.points(.scaledEpsilonNorm)[1])
    let training = try #require(row.values.training?.points(.epsilonNorm)[1])
    #expect(Double(fields[3]) == sampling - training)
    #expect(lines[20].hasPrefix("20,999,"))
  }

  @Test(.enabled(if: Self.hasGnuplot)) func gnuplotDrawsBothPictures() throws {
    for figure in ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures {
      let drawn = try FigureRenderer().render(figure)
      #expect(String(decoding: drawn.svg, as: UTF8.self).contains("</svg>"))
      #expect(drawn.pdf.starts(with: Array("%PDF".utf8)))
      #expect(drawn.csv == Array(figure.csv.utf8))
    }
  }

  @Test(.enabled(if: Self.hasGnuplot)) func labelsCannotReachGnuplotOrTheShell() throws {
    try Fixture.inFolder { folder in
      let trap = folder + "/trap"
      let labels = ["'; system('touch \(trap)'); #", "`touch \(trap)`", "\"`touch \(trap)`\"", "a_b^{c}@d\\n", "line\nbreak, \"quoted\""]
      let figure = Figure(
        name: "evil", title: "", caption: "", yTitle: "y", x: [1, 2],
        series: labels.enumerated().map { FigureSeries(label: $1, values: [1, Double($0)], role: .cell($0)) })
      let drawn = try FigureRenderer().render(figure)
      #expect(!FileManager.default.fileExists(atPath: trap))
      #expect(String(decoding: drawn.svg, as: UTF8.self).contains("a_b^{c}@d\\n"))
    }
  }

  @Test func cachedFigureIsNotDrawnAgain() throws {
    try Fixture.inFolder { folder in
      let figure = try #require(ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures.first)
      let cache = StoreFigureCache(store: ArtifactStore(root: folder))
      let kept = RenderedFigure(svg: [1], pdf: [2], csv: [3])
      cache.keep(kept, for: FigureRenderer.key(of: figure))
      // No gnuplot anywhere: only the cache can answer.
      let renderer = FigureRenderer(searchPath: "")
      #expect(try renderer.render(figure, cache: cache).svg == [1])
      var changed = figure
      changed.series[0].values[0] = 0
      #expect(throws: PlumbError.self) { try renderer.render(changed, cache: cache) }
    }
  }

  @Test func keyDependsOnDataAndLooksAndNotOnNames() throws {
    let figure = try #require(ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures.first)
    var other = figure
    other.name = "renamed"
    other.caption = "said differently"
    #expect(FigureRenderer.key(of: other) == FigureRenderer.key(of: figure))
    other.series[0].label = "another legend"
    #expect(FigureRenderer.key(of: other) != FigureRenderer.key(of: figure))
  }

  @Test func missingGnuplotSaysWhatToInstall() throws {
    let figure = try #require(ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures.first)
    let error = #expect(throws: PlumbError.self) { try FigureRenderer(searchPath: "/nowhere").render(figure) }
    #expect(error?.description.contains("gnuplot-nox") == true)
  }

  @Test func `a gnuplot that never ends is ended, told, and not waited for again`() throws {
    try Fixture.inFolder { folder in
      try AtomicFile.write(Array("#!/bin/sh\necho thinking; sleep 600\n".utf8), to: folder + "/gnuplot")
      chmod(folder + "/gnuplot", 0o755)
      let renderer = FigureRenderer(searchPath: folder, limit: 0.5)
      let start = Date()
      for figure in ExposureFigures.all(of: try Fixture.sweep(), prefix: "").figures {
        let error = #expect(throws: PlumbError.self) { try renderer.render(figure) }
        let words = "\(try #require(error))"
        #expect(words.hasPrefix(folder + "/gnuplot: ") && words.contains("0.5 s") && words.contains("thinking"), "\(words)")
      }
      #expect(-start.timeIntervalSinceNow < 3)
    }
  }

  @Test(.enabled(if: Self.hasGnuplot)) func emptyAndSinglePointFiguresDoNotFail() throws {
    var figure = Figure(
      name: "one", title: "", caption: "", yTitle: "y", x: [1], series: [FigureSeries(label: "a", values: [2], role: .baseline)])
    _ = try FigureRenderer().render(figure)
    figure.series[0].values = [nil]
    #expect(throws: PlumbError.self) { try FigureRenderer().render(figure) }
  }

  @Test func stylesOfALongSweepAreAllDifferent() {
    for count in [1, 5, 6, 20] {
      #expect(Set((0..<count).map { Palette.cell($0, of: count).color }).count == count)
    }
  }

  static let hasGnuplot = (try? Gnuplot(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")) != nil
}
