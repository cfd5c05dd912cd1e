import Foundation

/// The noise level over time, sigma(t), that an ODE solver follows (Karras et al. 2022, table 1, "schedule").
public enum SigmaSchedule: Sendable, Hashable {
  /// sqrt(exp(beta_d t² / 2 + beta_min t) - 1).
  case vp(betaD: Double, betaMin: Double)
  /// sqrt(t).
  case ve
  /// t.
  case linear

  public func sigma(_ t: Double) -> Double {
    switch self {
    case .vp(let betaD, let betaMin): (exp(0.5 * betaD * t * t + betaMin * t) - 1).squareRoot()
    case .ve: t.squareRoot()
    case .linear: t
    }
  }

  /// sigma'(t).
  public func derivative(_ t: Double) -> Double {
    switch self {
    case .vp(let betaD, let betaMin):
      let sigma = sigma(t)
      return 0.5 * (betaMin + betaD * t) * (sigma + 1 / sigma)
    case .ve: return 0.5 / t.squareRoot()
    case .linear: return 1
    }
  }

  /// The time of a noise level.
  public func time(_ sigma: Double) -> Double {
    switch self {
    case .vp(let betaD, let betaMin): ((betaMin * betaMin + 2 * betaD * log(sigma * sigma + 1)).squareRoot() - betaMin) / betaD
    case .ve: sigma * sigma
    case .linear: sigma
    }
  }

  /// The VP schedule whose noise level is `range.lowerBound` at `epsilon` and `range.upperBound` at 1.
  public static func vp(fitting range: ClosedRange<Double>, epsilon: Double) -> SigmaSchedule {
    let (least, largest) = (log(range.lowerBound * range.lowerBound + 1), log(range.upperBound * range.upperBound + 1))
    let betaD = 2 * (least / epsilon - largest) / (epsilon - 1)
    return .vp(betaD: betaD, betaMin: largest - 0.5 * betaD)
  }
}

/// The scale s(t) of the states beside the noise level: x_t = s(t) (x_0 + sigma(t) z).
public enum SigmaScaling: Sendable, Hashable {
  /// 1.
  case none
  /// 1 / sqrt(1 + sigma²): the variance of x_t stays what it is.
  case vp

  public func scale(sigma: Double) -> Double {
    switch self {
    case .none: 1
    case .vp: 1 / (1 + sigma * sigma).squareRoot()
    }
  }

  /// s'(t) for sigma(t) and sigma'(t).
  func derivative(sigma: Double, sigmaDerivative: Double) -> Double {
    switch self {
    case .none: return 0
    case .vp:
      let scale = scale(sigma: sigma)
      return -sigma * sigmaDerivative * scale * scale * scale
    }
  }
}
