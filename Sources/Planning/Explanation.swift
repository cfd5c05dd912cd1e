import Basics
import PipelineLanguage
import StageKit

/// Why a cell is cached or not: what differs from the nearest earlier result.
public struct Explanation: Sendable {
  public struct Difference: Sendable, Hashable {
    /// "with.epsilon_scaling.b", "input network", "version".
    public let what: String
    public let before: String
    public let now: String
    /// Where the present value stands in the pipeline; nil when it stands nowhere (a version, a default).
    public let position: SourceRange?
  }

  public let cell: PlannedCell
  /// The nearest earlier result, and the run it is from; nil when the store knows none of this stage.
  public let nearest: RunHistory.PastCell?
  public let differences: [Difference]

  /// Compares with every earlier cell of the same stage kind and keeps the one with the fewest differences; the newest
  /// of equals.
  public init(_ planned: PlannedCell, plan: Plan, history: RunHistory) {
    cell = planned
    let candidates = history.cells.filter { $0.identity["stage"]?.text == planned.identity.stage }
    var best: (past: RunHistory.PastCell, differences: [Difference])?
    for past in candidates {
      let differences = Self.differences(planned, plan, past)
      if best == nil || differences.count < best?.differences.count ?? 0 { best = (past, differences) }
      if differences.isEmpty { break }
    }
    nearest = best?.past
    differences = best?.differences ?? []
  }

  private static func differences(_ planned: PlannedCell, _ plan: Plan, _ past: RunHistory.PastCell) -> [Difference] {
    var found: [Difference] = []
    compare(planned.identity.json, past.identity, path: [], planned.cell, &found)
    let byID = Dictionary(plan.cells.map { ($0.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
    for input in planned.cell.inputs {
      let before = past.inputs[input.port]?.list?.compactMap(\.text) ?? []
      let now = input.sources.map {
        byID[$0.cell]?.result?.outputs[$0.output]?.digest.hex ?? "not computed yet (\(byID[$0.cell]?.cell.name ?? "?"))"
      }
      if before != now {
        found.append(
          Difference(
            what: "input \(input.port)", before: brief(before), now: brief(now), position: planned.cell.position(of: .input(input.port))))
      }
    }
    return found
  }

  private static func compare(_ now: JSONValue, _ before: JSONValue, path: [String], _ cell: Cell, _ found: inout [Difference]) {
    if case .object(let nowFields) = now, case .object(let beforeFields) = before {
      for name in Set(nowFields.keys).union(beforeFields.keys).sorted() {
        compare(nowFields[name] ?? .null, beforeFields[name] ?? .null, path: path + [name], cell, &found)
      }
    } else if now != before {
      let fieldPath = Array(path.dropFirst())
      found.append(
        Difference(
          what: path.joined(separator: "."), before: text(before), now: text(now),
          position: fieldPath.isEmpty ? nil : cell.position(of: .parameter(fieldPath))))
    }
  }

  private static func text(_ value: JSONValue) -> String {
    value == .null ? "absent" : String(decoding: value.encoded(), as: UTF8.self)
  }

  private static func brief(_ digests: [String]) -> String {
    digests.map { Digest(hex: $0)?.short ?? $0 }.joined(separator: ", ")
  }
}
