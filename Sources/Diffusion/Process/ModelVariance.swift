import Basics
import Foundation

/// Where the variance of a reverse step comes from. Raw values are the reference's names.
public enum ModelVariance: String, Sendable, Hashable, CaseIterable {
  /// The network's second half of channels is the log variance itself.
  case learned = "LEARNED"
  /// The network's second half of channels interpolates between the two bounds, in the logarithm
  /// (Nichol and Dhariwal 2021, equation 15).
  case learnedRange = "LEARNED_RANGE"
  /// beta, at index 0 the posterior variance of index 1.
  case fixedLarge = "FIXED_LARGE"
  /// The posterior variance, at index 0 that of index 1.
  case fixedSmall = "FIXED_SMALL"

  /// Whether the network gives twice as many channels as the image has.
  public var isLearned: Bool { self == .learned || self == .learnedRange }
}

/// What the first half of the network's output means.
public enum Prediction: String, Sendable, Hashable, CaseIterable {
  case noise
  case start
}

/// Log variances of one index, as float64: the two ends the network interpolates between, or a fixed one twice.
struct LogVarianceBounds {
  let small: Double
  let large: Double

  init(_ variance: ModelVariance, _ process: DiffusionProcess, index: Int) {
    let clipped = process.posteriorLogVarianceClipped[index]
    switch variance {
    case .learned, .fixedSmall:
      (small, large) = (clipped, clipped)
    case .learnedRange:
      (small, large) = (clipped, log(process.betas[index]))
    case .fixedLarge:
      let fixed = index == 0 ? clipped : log(process.betas[index])
      (small, large) = (fixed, fixed)
    }
  }
}
