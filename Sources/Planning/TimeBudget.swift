import Basics

/// The longest that a run may take: `90s`, `20min`, `2h`, `1.5d`.
public struct TimeBudget: Sendable, Hashable {
  public let seconds: Double
  /// As it was written.
  public let text: String

  private static let units: [(name: String, seconds: Double)] = [("min", 60), ("s", 1), ("h", 3600), ("d", 86400)]

  /// Throws a `PlumbError` of kind `input` for anything else.
  public init(parsing text: String) throws {
    let written = text.filter { $0 != " " }
    for unit in Self.units where written.hasSuffix(unit.name) {
      guard let count = Double(written.dropLast(unit.name.count)), count.isFinite, count > 0 else { break }
      seconds = count * unit.seconds
      self.text = text
      return
    }
    throw PlumbError(
      "this is no length of time", kind: .input, at: "--budget", expected: "a number with s, min, h or d, such as 2h", found: text)
  }

  /// Throws a `PlumbError` of kind `input` unless the plan fits. `words` writes seconds for people.
  public func check(_ plan: Plan, _ estimate: PlanEstimate, words: (Double) -> String) throws {
    guard plan.cells.contains(where: \.hasWork) else { return }
    guard let seconds = estimate.seconds else {
      throw PlumbError(
        "how long the plan takes is not known: no run on this store has measured it under this numerics profile yet; run a small part "
          + "first, with few samples, or leave --budget out", kind: .input, at: "--budget \(text)")
    }
    guard seconds <= self.seconds else {
      throw PlumbError(
        "the plan takes longer than the budget; nothing was started", kind: .input, at: "--budget \(text)",
        expected: "at most \(words(self.seconds))", found: "about \(words(seconds)) on \(plan.lanes) lanes")
    }
  }
}
