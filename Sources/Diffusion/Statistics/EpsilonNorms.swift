import Basics

/// Norms of the predicted noise, one sum per respaced index.
public typealias EpsilonNorms = StepSeries<NormSum>

/// Norms of the predicted noise along chains or in training mode, of a step's first evaluation and of its second.
public struct SamplingNorms: Mergeable, NumberCodable, Equatable {
  /// At the level a step starts from.
  public var predicted: EpsilonNorms
  /// Of the second evaluation of a second-order solver, under the level it was made at; empty for other solvers.
  public var corrected: EpsilonNorms

  public init(_ solver: any ReverseSolver) {
    predicted = EpsilonNorms(repeating: NormSum(), count: solver.levels.count)
    corrected = EpsilonNorms(repeating: NormSum(), count: solver.hasCorrections ? solver.levels.count : 0)
  }

  /// Adds what the network predicted for the image at a position of a step's batch.
  public mutating func add(_ step: StepView, _ position: Int) throws {
    try predicted.update(step.index) { $0.add(step.noise(position)) }
    if let correction = step.correction(position) { try corrected.update(step.index - 1) { $0.add(correction) } }
  }

  public mutating func merge(_ other: SamplingNorms) throws {
    try predicted.merge(other.predicted)
    try corrected.merge(other.corrected)
  }

  public func write(to numbers: inout [Double]) {
    predicted.write(to: &numbers)
    corrected.write(to: &numbers)
  }

  public init(from numbers: inout NumberReader) throws {
    predicted = try StepSeries(from: &numbers)
    corrected = try StepSeries(from: &numbers)
  }
}

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
