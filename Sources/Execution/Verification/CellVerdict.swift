import Basics

/// What recomputing a cell of a run showed.
public struct CellVerdict: Sendable {
  public enum Outcome: Sendable, Hashable {
    case equal
    /// Apart by no more than the tolerance.
    case within
    case different
    /// Nothing to compare with, or it could not be computed.
    case unknown(String)
  }

  public let cell: String
  public var outcome: Outcome = .equal
  /// Blocks recomputed, of those the cell has; 0 of 0 for a stage without blocks.
  public var blocks: (recomputed: Int, total: Int) = (0, 0)
  /// The largest relative difference, and the largest of picture bytes in levels.
  public var largest = 0.0
  public var levels = 0
  /// The first sample that differs by more than the tolerance, counted as the samples are.
  public var sample: Int?
  /// The first step, from 1, at which the block of that sample parts.
  public var step: Int?
  /// What differs and is no number.
  public var mismatch: String?

  /// Takes in how one block, or the outputs, compare.
  mutating func add(_ comparison: ObjectComparison, firstSample: Int?, step: Int?, tolerance: Double) {
    largest = max(largest, comparison.largest)
    levels = max(levels, comparison.levels)
    mismatch = mismatch ?? comparison.mismatch
    if case .unknown = outcome { return }
    guard !comparison.isEqual else { return }
    guard !comparison.isWithin(tolerance) else {
      if outcome == .equal { outcome = .within }
      return
    }
    outcome = .different
    guard let firstSample else { return }
    let found = firstSample + (comparison.row ?? 0)
    guard found < sample ?? .max else { return }
    (sample, self.step) = (found, step)
  }
}
