/// The betas a network was trained on. Made once for a network: every sampler and every number of steps restricts the same ones.
package struct TrainingChain: Sendable, Hashable {
  package let schedule: BetaSchedule
  /// T.
  package let steps: Int
  let betas: [Double]

  /// Throws a `PlumbError` of kind `input` when schedule and steps do not fit each other.
  package init(_ schedule: BetaSchedule, steps: Int) throws {
    (self.schedule, self.steps) = (schedule, steps)
    betas = try schedule.betas(steps: steps)
  }

  /// The betas follow from the rest.
  package static func == (one: TrainingChain, other: TrainingChain) -> Bool {
    one.schedule == other.schedule && one.steps == other.steps
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(schedule)
    hasher.combine(steps)
  }
}
