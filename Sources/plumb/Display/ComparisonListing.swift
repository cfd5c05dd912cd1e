import Basics
import Report

/// Two runs side by side.
enum ComparisonListing {
  static func text(_ comparison: RunComparison) -> String {
    var text = "first   run \(comparison.runs.first)\nsecond  run \(comparison.runs.second)\n"
    text += section("parameters of the pipeline", comparison.parameters)
    text += section("numerics profile", comparison.profile)
    text += section("what cells computed", comparison.cells)
    for (which, names) in [("first", comparison.only.first), ("second", comparison.only.second)] where !names.isEmpty {
      text += "\nonly in the \(which)\n" + names.map { "  \($0)\n" }.joined()
    }
    let (equal, other) = (comparison.equalOutputs, comparison.outputs.count)
    text += "\noutputs: \(equal) of \(equal + other) in common are equal to the bit\n"
    text += rows(comparison.outputs, names: false)
    if let scores = comparison.scores { text += "\nscores\n" + scores.text() }
    return text
  }

  private static func section(_ title: String, _ differences: [RunComparison.Difference]) -> String {
    differences.isEmpty ? "" : "\n\(title)\n" + rows(differences, names: true)
  }

  private static func rows(_ differences: [RunComparison.Difference], names: Bool) -> String {
    guard !differences.isEmpty else { return "" }
    return TextTable.render(
      differences.map { difference in
        let others = difference.cells.count - 2
        let cells = difference.cells.prefix(2).joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
        return ["  " + difference.what, difference.first, "->", difference.second] + (names && !cells.isEmpty ? ["in \(cells)"] : [])
      })
  }

  static func json(_ comparison: RunComparison) -> JSONValue {
    [
      "first": .text(comparison.runs.first.text), "second": .text(comparison.runs.second.text), "parameters": list(comparison.parameters),
      "profile": list(comparison.profile), "cells": list(comparison.cells),
      "only_first": .list(comparison.only.first.map(JSONValue.text)), "only_second": .list(comparison.only.second.map(JSONValue.text)),
      "equal_outputs": JSONValue(comparison.equalOutputs), "outputs": list(comparison.outputs),
      "scores": comparison.scores?.json ?? .null,
    ]
  }

  private static func list(_ differences: [RunComparison.Difference]) -> JSONValue {
    .list(
      differences.map {
        [
          "what": .text($0.what), "first": .text($0.first), "second": .text($0.second), "cells": .list($0.cells.map(JSONValue.text)),
        ]
      })
  }
}
