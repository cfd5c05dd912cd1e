import Basics

/// Epsilon Scaling (Ning et al. 2024): the predicted noise is divided by lambda(i) = k i + b before x_0 is
/// predicted from it. i is the respaced index: 0 for the last step of sampling, T' - 1 for the first.
public struct EpsilonScaling: Sendable, Hashable {
  public var k: Double
  public var b: Double

  /// The plain sampler.
  public static let none = EpsilonScaling(k: 0, b: 1)

  public init(k: Double = 0, b: Double) {
    self.k = k
    self.b = b
  }

  public func lambda(_ index: Int) -> Double { k * Double(index) + b }

  /// Throws when lambda is zero, negative or not finite at a step of a process of `count` steps.
  public func check(count: Int) throws {
    for index in [0, max(count - 1, 0)] where !(lambda(index) > 0 && lambda(index).isFinite) {
      throw PlumbError(
        "Epsilon Scaling must divide by a positive number", kind: .input, at: "epsilon_scaling", expected: "k i + b > 0 at step \(index)",
        found: "\(lambda(index))")
    }
  }
}
