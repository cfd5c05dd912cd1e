import Basics

/// What training mode shows, where the network sees images noised by the forward process.
public struct TrainingStatistics: Mergeable, NumberCodable, Equatable {
  /// Norms of the predicted noise at q_sample(x_0, t).
  public var norms: SamplingNorms
  /// q_sample(x_0, t) per pixel.
  public var marginal: StepSeries<Moments>
  /// n_{t-1} = x_{t-1} - s_{t-1} x_0 per pixel after one reverse step, under index t - 1.
  public var singleStep: StepSeries<Moments>

  public init(_ solver: any ReverseSolver) {
    norms = SamplingNorms(solver)
    marginal = StepSeries(repeating: Moments(), count: solver.levels.count)
    singleStep = marginal
  }

  public mutating func merge(_ other: TrainingStatistics) throws {
    try norms.merge(other.norms)
    try marginal.merge(other.marginal)
    try singleStep.merge(other.singleStep)
  }

  public func write(to numbers: inout [Double]) {
    norms.write(to: &numbers)
    marginal.write(to: &numbers)
    singleStep.write(to: &numbers)
  }

  public init(from numbers: inout NumberReader) throws {
    norms = try SamplingNorms(from: &numbers)
    marginal = try StepSeries(from: &numbers)
    singleStep = try StepSeries(from: &numbers)
  }
}

/// The spread after one reverse step from a state of the forward process.
public struct SingleStepPoint: Sendable, Hashable {
  /// Respaced index of the resulting state, one below the step's.
  public let index: Int
  /// Mean over pixels of the population standard deviation of n_{t-1}.
  public let sampledDeviation: Double
  /// d_{t-1}: sqrt(1 - abar_{t-1}), or sigma_{t-1} where variance explodes.
  public let trueDeviation: Double
  public var error: Double { (sampledDeviation - trueDeviation) * (sampledDeviation - trueDeviation) }
}

extension TrainingStatistics {
  /// One point for every state that a single step was made to, ascending.
  public func singleStepPoints(_ levels: NoiseLevels) throws -> [SingleStepPoint] {
    guard singleStep.steps.count == levels.count else {
      throw PlumbError("the statistics are of another process", expected: "\(levels.count) steps", found: "\(singleStep.steps.count)")
    }
    return singleStep.steps.indices.filter { singleStep.steps[$0].count > 0 }.map { index in
      SingleStepPoint(
        index: index, sampledDeviation: singleStep.steps[index].meanDeviation, trueDeviation: levels.deviation(index))
    }
  }

  /// Mean over pixels of the standard deviation of q_sample(x_0, t), by index; NaN where nothing was measured.
  public var marginalDeviations: [Double] { marginal.steps.map(\.meanDeviation) }
}
