import Basics
import Foundation
import PipelineLanguage
import Planning

/// A plan as a table for people.
struct PlanListing {
  let plan: Plan
  let estimate: PlanEstimate
  let rates: MeasuredRates
  let replacements: [ReplacedReference]

  init(_ plan: Plan, workspace: Workspace, history: RunHistory) {
    self.plan = plan
    rates = history.rates(profile: plan.profile.digest)
    estimate = PlanEstimate(plan, rates: rates)
    replacements = workspace.pipeline.replacements
  }

  var text: String {
    var rows = [["cell", "state", "blocks", "evaluations", "FLOP", "writes", "memory", "lane time", "key"]]
    for cell in plan.cells {
      rows.append([
        cell.cell.name, state(cell), blocks(cell), cell.evaluationsToDo > 0 ? Quantities.count(cell.evaluationsToDo) : "",
        cell.flopsToDo > 0 ? Quantities.flops(cell.flopsToDo) : "", cell.bytesToWrite > 0 ? Quantities.bytes(cell.bytesToWrite) : "",
        cell.hasWork ? Quantities.bytes(cell.memory(lanes: plan.lanes)) : "",
        cell.hasWork ? estimate.laneSeconds[cell.cell.id].map(Quantities.duration) ?? "?" : "",
        (cell.semanticKey ?? cell.recipeKey).short + (cell.semanticKey == nil ? " (recipe key)" : ""),
      ])
    }
    return TextTable.render(rows, rightAligned: [2, 3, 4, 5, 6, 7]) + "\n" + notes.map { "note: \($0)\n" }.joined() + totals
  }

  private func state(_ cell: PlannedCell) -> String {
    guard let twin = cell.twin.flatMap({ plan.cell($0) }) else { return cell.state.label }
    return "the same as \(twin.cell.name)"
  }

  private func blocks(_ cell: PlannedCell) -> String {
    guard cell.twin == nil, let blocks = cell.blocks else { return "" }
    return "\(blocks.toDo) of \(blocks.total)"
  }

  /// What flags changed in one stage only.
  var notes: [String] {
    replacements.map { "\($0.field) is set by \($0.range.place); other stages keep $\($0.parameter)" }
  }

  private var totals: String {
    let toDo = plan.cells.filter(\.hasWork)
    guard !toDo.isEmpty else { return "\(plan.cells.count) cells, all cached: nothing to do\n" }
    let twins = plan.cells.count { $0.twin != nil }
    var text = "\(plan.cells.count) cells, \(toDo.count) to do\(twins > 0 ? ", \(twins) the same as others" : ""): "
    text += bounds(plan.evaluationsCertain, plan.evaluationsToDo, Quantities.count) + " network evaluations, "
    text += bounds(plan.flopsCertain, plan.flopsToDo, Quantities.flops) + "\n"
    text += "writes about \(bounds(plan.bytesCertain, plan.bytesToWrite, Quantities.bytes)); "
    text += "peak memory \(Quantities.bytes(plan.peakMemory)) on \(plan.lanes) lanes\n"
    return text + time + criticalPath
  }

  /// "12 to 40" when an input may come out equal, else the one number.
  private func bounds<Number: Equatable>(_ low: Number, _ high: Number, _ words: (Number) -> String) -> String {
    low == high ? words(high) : "\(words(low)) to \(words(high))"
  }

  private var time: String {
    guard let seconds = estimate.seconds, let low = estimate.secondsCertain else {
      return "time not known: no run on this store has measured it under this numerics profile yet\n"
    }
    var text = "about \(bounds(low, seconds, Quantities.duration)) on \(plan.lanes) lanes, at the median rate of recent runs on this store"
    if !estimate.unmeasured.isEmpty { text += " (without \(estimate.unmeasured.joined(separator: ", ")), not measured yet)" }
    return text + "\n"
  }

  private var criticalPath: String {
    let path = estimate.criticalPath
    guard !path.cells.isEmpty else { return "" }
    let bound = path.seconds.map { ", at least \(Quantities.duration($0)) on any number of lanes" } ?? ""
    return "critical path\(bound): \(path.cells.map(\.cell.name).joined(separator: " > "))\n"
  }
}
