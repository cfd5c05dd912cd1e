import Basics
import Foundation

/// Which noise levels a sampler visits (Karras et al. 2022, table 1, "time steps"), from the largest to the least.
package enum SigmaDiscretization: Sendable, Hashable {
  /// Evenly spaced times of the VP schedule that fits the range, from 1 to `epsilon`.
  case vp(epsilon: Double)
  /// Geometric.
  case ve
  /// Evenly spaced entries of iDDPM's noise levels within the range.
  case iddpm(IDDPMLevels)
  /// Evenly spaced in sigma^(1 / rho).
  case edm(rho: Double)

  /// `count` noise levels within `range`. Throws a `PlumbError` of kind `input` whose place is "steps" for fewer than two, and
  /// when iDDPM has fewer in the range.
  package func sigmas(_ count: Int, in range: ClosedRange<Double>) throws -> [Double] {
    guard count >= 2 else {
      throw PlumbError("EDM's time steps need two ends", kind: .input, at: "steps", expected: "at least 2", found: "\(count)")
    }
    let (least, largest) = (range.lowerBound, range.upperBound)
    let parts = (0..<count).map { Double($0) / Double(count - 1) }
    switch self {
    case .vp(let epsilon):
      let schedule = SigmaSchedule.vp(fitting: range, epsilon: epsilon)
      return parts.map { schedule.sigma(1 + $0 * (epsilon - 1)) }
    case .ve: return parts.map { (largest * largest * pow(least * least / (largest * largest), $0)).squareRoot() }
    case .iddpm(let source):
      let levels = source.values.filter(range.contains)
      guard levels.count >= count else {
        throw PlumbError(
          "the range holds too few of iDDPM's noise levels", kind: .input, at: "steps", expected: "at most \(levels.count)",
          found: "\(count)")
      }
      let stride = Double(levels.count - 1) / Double(count - 1)
      return (0..<count).map { levels[Int((stride * Double($0)).rounded(.toNearestOrEven))] }
    case .edm(let rho):
      let (from, to) = (pow(largest, 1 / rho), pow(least, 1 / rho))
      return parts.map { pow(from + $0 * (to - from), rho) }
    }
  }

  /// The range `ablation_sampler` takes where none is given.
  package var usualRange: ClosedRange<Double> {
    switch self {
    case .vp:
      let schedule = SigmaSchedule.vp(betaD: 19.9, betaMin: 0.1)
      return schedule.sigma(1e-3)...schedule.sigma(1)
    case .ve: return 0.02...100
    case .iddpm: return 0.002...81
    case .edm: return 0.002...80
    }
  }
}

extension SigmaDiscretization {
  /// The discretization under the name of EDM's command line; throws with the place "discretization".
  package init(named name: String, rho: Double, epsilon: Double, levels: IDDPMLevels) throws {
    switch name {
    case "vp": self = .vp(epsilon: epsilon)
    case "ve": self = .ve
    case "iddpm": self = .iddpm(levels)
    case "edm": self = .edm(rho: rho)
    default: throw PlumbError("unknown discretization", kind: .input, at: "discretization", expected: "vp, ve, iddpm or edm", found: name)
    }
  }
}

extension SigmaSchedule {
  /// The schedule under the name of EDM's command line; nil for "vp", which is fitted to the range. Throws with the place "schedule".
  package static func named(_ name: String) throws -> SigmaSchedule? {
    switch name {
    case "vp": nil
    case "ve": .ve
    case "linear": .linear
    default: throw PlumbError("unknown schedule", kind: .input, at: "schedule", expected: "vp, ve or linear", found: name)
    }
  }
}

extension SigmaScaling {
  /// The scaling under the name of EDM's command line. Throws with the place "scaling".
  package static func named(_ name: String) throws -> SigmaScaling {
    switch name {
    case "vp": .vp
    case "none": .none
    default: throw PlumbError("unknown scaling", kind: .input, at: "scaling", expected: "vp or none", found: name)
    }
  }
}
