import ArgumentParser
import Planning

/// `--budget`, for commands that estimate how long a plan takes.
struct BudgetArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Refuse a plan that takes longer on this machine, with status 2: 90s, 20min, 2h, 1.5d.", valueName: "time"))
  var budget: String?

  /// Throws a `PlumbError` unless the plan fits.
  func check(_ plan: Plan, _ estimate: @autoclosure () -> PlanEstimate) throws {
    guard let budget else { return }
    try TimeBudget(parsing: budget).check(plan, estimate(), words: Quantities.duration)
  }

  /// Throws for a budget that cannot be read, before anything else is done.
  func checkText() throws {
    if let budget { _ = try TimeBudget(parsing: budget) }
  }
}
