import Basics

/// Norms of the predicted noise, one sum per respaced index.
public typealias EpsilonNorms = StepSeries<NormSum>

/// The norms of the predicted noise at one index, over images.
public struct EpsilonNormPoint: Sendable, Hashable {
  public let index: Int
  /// Images averaged over.
  public let count: Int
  /// Mean L2 norm before scaling.
  public let mean: Double
  /// Root mean square of the L2 norm before scaling.
  public let rootMeanSquare: Double
  /// What Epsilon Scaling divides by at this index.
  public let lambda: Double
  /// Mean L2 norm after scaling: what the paper plots.
  public var scaledMean: Double { mean / lambda }
  public var scaledRootMeanSquare: Double { rootMeanSquare / lambda }
}

extension StepSeries where Element == NormSum {
  /// One point for every index that has images, ascending.
  public func points(_ scaling: EpsilonScaling) -> [EpsilonNormPoint] {
    steps.indices.filter { steps[$0].count > 0 }.map { index in
      EpsilonNormPoint(
        index: index, count: steps[index].count, mean: steps[index].mean, rootMeanSquare: steps[index].rootMeanSquare,
        lambda: scaling.lambda(index))
    }
  }
}
