import Basics

/// How widely samples spread around their x_0 along chains, and by themselves: the moments behind delta_t
/// (Ning et al. 2024, algorithm 3).
public struct ChainSpread: Mergeable, NumberCodable, Equatable {
  /// n_t = x_t - s_t x_0 per pixel, under the index t of the state.
  public var residual: StepSeries<Moments>
  /// x_t itself per pixel.
  public var marginal: StepSeries<Moments>
  /// x_0 per pixel.
  public var start: Moments

  public init(steps: Int) {
    residual = StepSeries(repeating: Moments(), count: steps)
    marginal = residual
    start = Moments()
  }

  public mutating func merge(_ other: ChainSpread) throws {
    try residual.merge(other.residual)
    try marginal.merge(other.marginal)
    try start.merge(other.start)
  }

  public func write(to numbers: inout [Double]) {
    residual.write(to: &numbers)
    marginal.write(to: &numbers)
    start.write(to: &numbers)
  }

  public init(from numbers: inout NumberReader) throws {
    residual = try StepSeries(from: &numbers)
    marginal = try StepSeries(from: &numbers)
    start = try Moments(from: &numbers)
  }
}

/// The spread of the states at one index, against what training has there.
public struct SpreadPoint: Sendable, Hashable {
  /// Respaced index of the state.
  public let index: Int
  /// Mean over pixels of the population standard deviation of n_t: sqrt(bhat_t).
  public let sampledDeviation: Double
  /// d_t: sqrt(1 - abar_t), or sigma_t where variance explodes.
  public let trueDeviation: Double
  /// The same mean for x_t itself.
  public let marginalDeviation: Double
  /// The same mean for q_sample(x_0, t) over the x_0 of these chains: sqrt(s_t² var(x_0) + d_t²) per pixel.
  public let forwardMarginalDeviation: Double

  /// delta_t: the squared 2-Wasserstein distance of two centred Gaussians of these deviations.
  public var delta: Double { (sampledDeviation - trueDeviation) * (sampledDeviation - trueDeviation) }
}

extension ChainSpread {
  /// One point for every index that has samples, ascending.
  public func points(_ levels: NoiseLevels) throws -> [SpreadPoint] {
    guard residual.steps.count == levels.count else {
      throw PlumbError("the spread is of another process", expected: "\(levels.count) steps", found: "\(residual.steps.count)")
    }
    let startVariance = start.variance
    return residual.steps.indices.filter { residual.steps[$0].count > 0 }.map { index in
      let (signal, noise) = (levels.signalPower[index], levels.noisePower[index])
      let forward = startVariance.reduce(0) { $0 + (signal * $1 + noise).squareRoot() } / Double(startVariance.count)
      return SpreadPoint(
        index: index, sampledDeviation: residual.steps[index].meanDeviation, trueDeviation: levels.deviation(index),
        marginalDeviation: marginal.steps[index].meanDeviation, forwardMarginalDeviation: forward)
    }
  }
}
