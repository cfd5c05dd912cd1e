import Basics
import Planning
import StageSchema

/// A plan for machines.
extension PlanListing {
  var json: JSONValue {
    [
      "lanes": JSONValue(plan.lanes), "profile": .text(plan.profile.digest.hex), "evaluations": JSONValue(plan.evaluationsToDo),
      "evaluations_certain": JSONValue(plan.evaluationsCertain), "flops": Self.whole(plan.flopsToDo),
      "flops_certain": Self.whole(plan.flopsCertain), "bytes": JSONValue(plan.bytesToWrite), "bytes_certain": JSONValue(plan.bytesCertain),
      "peak_memory": JSONValue(plan.peakMemory), "seconds": Self.optional(estimate.seconds),
      "seconds_certain": Self.optional(estimate.secondsCertain),
      "critical_path": [
        "cells": .list(estimate.criticalPath.cells.map { .text($0.cell.name) }), "seconds": Self.optional(estimate.criticalPath.seconds),
      ],
      "flops_per_lane_second": Self.optional(rates.overall), "unmeasured": .list(estimate.unmeasured.map(JSONValue.text)),
      "notes": .list(notes.map(JSONValue.text)), "cells": .list(plan.cells.map(cell)),
    ]
  }

  private func cell(_ cell: PlannedCell) -> JSONValue {
    [
      "name": .text(cell.cell.name), "stage": .text(cell.cell.descriptor.name), "state": .text(cell.state.label),
      "recipe_key": .text(cell.recipeKey.hex), "key": cell.semanticKey.map { .text($0.hex) } ?? .null,
      "same_as": cell.twin.flatMap { plan.cell($0) }.map { .text($0.cell.name) } ?? .null,
      "blocks": cell.blocks.map { JSONValue($0.total) } ?? .null, "blocks_cached": cell.blocks.map { JSONValue($0.cached) } ?? .null,
      "blocks_to_do": cell.blocks.map { JSONValue(cell.twin == nil ? $0.toDo : 0) } ?? .null,
      "evaluations": JSONValue(cell.evaluationsToDo), "flops": Self.whole(cell.flopsToDo), "bytes": JSONValue(cell.bytesToWrite),
      "memory": JSONValue(cell.memory(lanes: plan.lanes)), "lane_seconds": Self.optional(estimate.laneSeconds[cell.cell.id]),
    ]
  }

  /// An integer wherever one holds it.
  private static func whole(_ number: Double) -> JSONValue { Int64(exactly: number).map(JSONValue.integer) ?? .number(number) }

  private static func optional(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
}
