import Basics
import Foundation
import Mustache

/// The report's contents in the form the template reads. Every name is present in every context, so that none is looked
/// up in an outer one by accident.
package struct PageModel {
  var content: ReportContent
  var findings: [Finding] = []
  var figures: [DrawnFigure] = []
  var scores: [ResultTable] = []
  var samples: [DrawnSamples] = []
  /// The content's notes and what came up while the page was made.
  var notes: [String] = []

  struct DrawnFigure {
    let figure: Figure
    /// nil when it could not be drawn.
    let rendered: RenderedFigure?
  }

  struct DrawnSamples {
    let set: ShownSamples
    let grid: SampleGrid
    let png: [UInt8]
  }

  func html() throws -> String {
    try PageTemplate.template.get().render(context)
  }

  private var context: [String: Any] {
    var context: [String: Any] = [
      "title": content.title, "style": PageStyle.text, "ending": ending.text, "endingClass": ending.name, "facts": facts,
      "links": links, "hasNotes": !notes.isEmpty, "notes": notes, "hasFindings": !findings.isEmpty,
      "findings": findings.map(finding), "hasFigures": !figures.isEmpty, "figures": figures.map(figure),
      "hasScores": !scores.isEmpty, "scores": scores.map(score), "hasSamples": !samples.isEmpty, "samples": samples.map(grid),
      "hasCurves": !figures.isEmpty, "curves": figures.map(curve), "hasParameters": !content.parameters.isEmpty,
      "parameters": content.parameters.map { ["name": $0.name, "value": $0.value, "origin": $0.origin] },
      "hasCells": !content.cells.isEmpty, "cells": shownCells.map(cell), "cellsLeft": cellsLeft, "hasCellsLeft": !cellsLeft.isEmpty,
      "hasVersions": !content.versions.isEmpty,
      "versions": content.versions.map(fact),
    ]
    for (name, text) in [
      ("about", content.about), ("command", content.command), ("machine", content.machine), ("pipeline", content.pipeline),
      ("profile", profile),
    ] where !text.isEmpty { context[name] = text }
    return context
  }

  /// All cells of a run of everyday size; of a large one those that failed and some of the others.
  private var shownCells: [ReportCell] {
    guard content.cells.count > Selection.cells else { return content.cells }
    let failed = content.cells.indices.filter { content.cells[$0].state == .failed }.prefix(Selection.cells)
    let others = content.cells.indices.filter { content.cells[$0].state != .failed }
    let shown = (failed + Selection.spread(others, Selection.cells - failed.count)).sorted()
    return shown.map { content.cells[$0] }
  }

  private var cellsLeft: String {
    guard content.cells.count > Selection.cells else { return "" }
    return "\(Selection.cells) of \(NumberText.count(content.cells.count)) cells: those that failed first, the others evenly spread. The"
      + " run's record, run.json beside this page, has all of them."
  }

  private var ending: (name: String, text: String) {
    switch content.ending {
    case .finished: ("finished", "finished")
    case .failed(let reason): ("failed", reason.isEmpty ? "failed" : "failed: \(reason)")
    case .interrupted: ("interrupted", "interrupted")
    }
  }

  private var facts: [[String: Any]] {
    var facts: [ReportFact] = []
    if !content.date.isEmpty { facts.append(ReportFact("When", content.date)) }
    if !content.run.isEmpty { facts.append(ReportFact("Run", content.run)) }
    let counts = [ReportCell.State.computed, .cached, .failed, .pending].compactMap { state -> String? in
      let count = content.cells.count { $0.state == state }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    if !counts.isEmpty { facts.append(ReportFact("Cells", counts.joined(separator: ", "))) }
    let seconds = content.cells.compactMap(\.seconds).reduce(0, +)
    if seconds > 0 { facts.append(ReportFact("Computing, all lanes together", NumberText.duration(seconds))) }
    return facts.map(fact)
  }

  private var links: [[String: Any]] {
    let all: [(String, String, Bool)] = [
      ("summary", "Summary", !findings.isEmpty), ("figures", "Figures", !figures.isEmpty), ("scores", "Scores", !scores.isEmpty),
      ("samples", "Samples", !samples.isEmpty), ("curves", "Curves", !figures.isEmpty),
      ("parameters", "Parameters", !content.parameters.isEmpty),
      ("cells", "Cells", !content.cells.isEmpty), ("numerics", "Numerics", true), ("pipeline", "Pipeline", !content.pipeline.isEmpty),
    ]
    return all.filter(\.2).map { ["anchor": $0.0, "label": $0.1] }
  }

  private var profile: String {
    guard content.profile != .null, content.profile != .object([:]) else { return "" }
    return String(decoding: content.profile.encoded(pretty: true), as: UTF8.self)
  }

  private func finding(_ finding: Finding) -> [String: Any] {
    ["topic": finding.topic, "text": finding.text, "hasItems": !finding.items.isEmpty, "items": finding.items]
  }

  private func fact(_ fact: ReportFact) -> [String: Any] { ["name": fact.name, "value": fact.value] }
}

extension PageModel {
  private func figure(_ drawn: DrawnFigure) -> [String: Any] {
    let name = drawn.figure.name
    let kinds = drawn.rendered == nil ? ["csv"] : ["svg", "pdf", "csv"]
    var context: [String: Any] = [
      "heading": drawn.figure.title, "caption": drawn.figure.caption,
      "files": kinds.map { ["path": "figures/\(name).\($0)", "kind": $0.uppercased()] },
    ]
    if let rendered = drawn.rendered {
      let curves = drawn.figure.series.map(\.label).joined(separator: "; ")
      context["picture"] = [
        "source": Self.dataURI(rendered.svg, type: "image/svg+xml"), "alt": "Line plot. \(drawn.figure.caption) Curves: \(curves).",
      ]
    }
    return context
  }

  private func score(_ table: ResultTable) -> [String: Any] {
    var context = rows(of: table)
    context["isSeveral"] = scores.count > 1
    context["caption"] =
      "Changes are against the first row with the same other settings and seed, the one without scaling where there is one. Bold: best of its column."
    context["files"] = ["csv", "json", "md", "tex"].map { ["path": "tables/\(table.name).\($0)", "kind": $0.uppercased()] }
    return context
  }

  private func curve(_ drawn: DrawnFigure) -> [String: Any] {
    var context = rows(of: drawn.figure.table)
    context["isOpen"] = drawn.rendered == nil
    return context
  }

  private func rows(of whole: ResultTable) -> [String: Any] {
    let (table, more) = whole.shortened(to: Selection.tableRows)
    let best = whole.best
    let align = table.columns.indices.map { table.isNumeric($0) ? "number" : "text" }
    return [
      "more": more ?? "", "hasMore": more != nil, "heading": table.caption,
      "heads": table.columns.indices.map { ["label": table.heading($0), "align": align[$0]] },
      "rows": table.rows.indices.map { row in
        [
          "values": table.columns.indices.map {
            ["text": table.text(row, $0), "align": align[$0] + (table.isBest(row, $0, best) ? " best" : "")]
          }
        ]
      },
    ]
  }

  private func grid(_ drawn: DrawnSamples) -> [String: Any] {
    let shape = drawn.set.shape.map(String.init).joined(separator: " × ")
    return [
      "source": Self.dataURI(drawn.png, type: "image/png"), "label": drawn.set.name,
      "alt": "\(drawn.grid.shown) images made by \(drawn.set.name)",
      "detail": "the first \(drawn.grid.shown)"
        + (drawn.set.count > drawn.grid.shown ? " of \(NumberText.count(drawn.set.count))" : "") + ", \(shape)",
    ]
  }

  private func cell(_ cell: ReportCell) -> [String: Any] {
    var context: [String: Any] = [
      "cell": cell.name, "stage": cell.stage, "state": cell.state.rawValue, "key": cell.key, "recipeKey": cell.recipeKey,
      "hasKey": !cell.key.isEmpty, "hasRecipeKey": !cell.recipeKey.isEmpty,
      "outputs": cell.outputs.map { ["port": $0.name, "digest": $0.value] }, "hasSettings": !cell.parameters.isEmpty,
      "settings": cell.parameters.map(fact),
    ]
    if let seconds = cell.seconds { context["time"] = NumberText.duration(seconds) }
    return context
  }

  private static func dataURI(_ bytes: [UInt8], type: String) -> String {
    "data:\(type);base64,\(Data(bytes).base64EncodedString())"
  }
}
