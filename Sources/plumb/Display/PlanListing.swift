import Basics
import Foundation
import Planning

/// A plan as a table for people, or as JSON.
enum PlanListing {
  static func text(_ plan: Plan, history: RunHistory) -> String {
    var rows = [["cell", "state", "blocks", "evaluations", "FLOP", "key"]]
    for cell in plan.cells {
      rows.append([
        cell.cell.name, cell.state.label, cell.blocks.map { "\($0.total - $0.cached) of \($0.total)" } ?? "",
        cell.evaluationsToDo > 0 ? Quantities.count(cell.evaluationsToDo) : "",
        cell.flopsToDo > 0 ? Quantities.flops(Double(cell.flopsToDo)) : "",
        (cell.semanticKey ?? cell.recipeKey).short + (cell.semanticKey == nil ? " (recipe)" : ""),
      ])
    }
    return TextTable.render(rows, rightAligned: [2, 3, 4]) + "\n" + totals(plan, history)
  }

  private static func totals(_ plan: Plan, _ history: RunHistory) -> String {
    let toDo = plan.cells.filter { $0.state != .cached }
    guard !toDo.isEmpty else { return "\(plan.cells.count) cells, all cached: nothing to do\n" }
    var text = "\(plan.cells.count) cells, \(toDo.count) to do: "
    let certain = plan.evaluationsCertain
    text +=
      certain == plan.evaluationsToDo
      ? Quantities.count(certain) : "\(Quantities.count(certain)) to \(Quantities.count(plan.evaluationsToDo))"
    text += " network evaluations, \(Quantities.flops(Double(plan.flopsToDo)))\n"
    text += "writes about \(Quantities.bytes(plan.bytesToWrite)); peak memory \(Quantities.bytes(plan.peakMemory)) on \(plan.lanes) lanes\n"
    if let seconds = seconds(plan, history) {
      text += "about \(Quantities.duration(seconds)) at the rate of the last run on this store\n"
    }
    return text
  }

  private static func seconds(_ plan: Plan, _ history: RunHistory) -> Double? {
    history.flopsPerLaneSecond.map { Double(plan.flopsToDo) / ($0 * Double(plan.lanes)) }
  }

  static func json(_ plan: Plan, history: RunHistory) -> JSONValue {
    [
      "lanes": JSONValue(plan.lanes), "profile": .text(plan.profile.digest.hex), "evaluations": JSONValue(plan.evaluationsToDo),
      "evaluations_certain": JSONValue(plan.evaluationsCertain), "flops": JSONValue(plan.flopsToDo), "bytes": JSONValue(plan.bytesToWrite),
      "peak_memory": JSONValue(plan.peakMemory), "seconds": seconds(plan, history).map(JSONValue.number) ?? .null,
      "cells": .list(
        plan.cells.map { cell in
          [
            "name": .text(cell.cell.name), "stage": .text(cell.cell.descriptor.name), "state": .text(cell.state.label),
            "key": .text(cell.recipeKey.hex), "result_key": cell.semanticKey.map { .text($0.hex) } ?? .null,
            "blocks": cell.blocks.map { JSONValue($0.total) } ?? .null, "blocks_cached": cell.blocks.map { JSONValue($0.cached) } ?? .null,
            "evaluations": JSONValue(cell.evaluationsToDo), "flops": JSONValue(cell.flopsToDo), "bytes": JSONValue(cell.bytesToWrite),
          ]
        }),
    ]
  }
}
