/// The noise EDM's samplers add before a step (Karras et al. 2022, algorithm 2).
public struct Churn: Sendable, Hashable {
  /// S_churn: the largest relative rise of the noise level, over all steps.
  public var amount: Double
  /// S_min and S_max: noise levels at which it is added.
  public var least: Double
  public var largest: Double
  /// S_noise: standard deviation of the noise.
  public var deviation: Double

  public static let none = Churn(amount: 0, least: 0, largest: .infinity, deviation: 1)

  public init(amount: Double, least: Double = 0, largest: Double = .infinity, deviation: Double = 1) {
    self.amount = amount
    self.least = least
    self.largest = largest
    self.deviation = deviation
  }

  /// gamma: the relative rise at a noise level, in a chain of `steps` steps.
  func rise(sigma: Double, steps: Int) -> Double {
    sigma >= least && sigma <= largest ? min(amount / Double(steps), 2.0.squareRoot() - 1) : 0
  }
}
