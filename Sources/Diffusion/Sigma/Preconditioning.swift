import Basics
import Foundation

/// How EDM's four wrappers make a denoiser of a raw network F: D(x; sigma) = c_skip x + c_out F(c_in x; c_noise).
///
/// Karras et al. 2022 (arXiv:2206.00364), table 1; EDM's `training/networks.py`. Coefficients are float32 and computed in the
/// original's order of operations.
public struct Preconditioning: Sendable, Hashable {
  /// The wrapper and its constants.
  public enum Kind: Sendable, Hashable {
    case edm(sigmaData: Double)
    case vp(betaD: Double, betaMin: Double, steps: Int)
    case ve
    /// `levels` is u, from the largest noise level to 0, with `steps` + 1 entries.
    case iddpm(levels: [Float], steps: Int)
  }

  public let kind: Kind
  /// Least and largest noise level the network was trained for: samplers stay within.
  public let sigmaMin: Double
  public let sigmaMax: Double

  /// Throws a `PlumbError` of kind `input` whose place is "sigma_max" or "u" when the range is empty or iDDPM's levels are
  /// fewer than two.
  public init(_ kind: Kind, sigmaMin: Double, sigmaMax: Double) throws {
    guard sigmaMin >= 0, sigmaMax > sigmaMin else {
      throw PlumbError(
        "the range of noise levels is empty", kind: .input, at: "sigma_max", expected: "above sigma_min",
        found: "\(sigmaMin) to \(sigmaMax)")
    }
    if case .iddpm(let levels, _) = kind, levels.count < 2 || !levels.allSatisfy(\.isFinite) {
      throw PlumbError("iDDPM's noise levels are missing", kind: .input, at: "u", expected: "M + 1 numbers", found: "\(levels.count)")
    }
    self.kind = kind
    self.sigmaMin = sigmaMin
    self.sigmaMax = sigmaMax
  }

  /// c_skip, c_out, c_in and c_noise at a noise level.
  public func coefficients(_ sigma: Float) -> (skip: Float, out: Float, input: Float, noise: Float) {
    let square = sigma * sigma
    switch kind {
    case .edm(let sigmaData):
      let (data, variance) = (Float(sigmaData), Float(sigmaData * sigmaData))
      return (
        variance / (square + variance), sigma * data / (square + variance).squareRoot(), 1 / (variance + square).squareRoot(),
        Self.log(sigma) / 4
      )
    case .vp(let betaD, let betaMin, let steps):
      let root = (Float(betaMin * betaMin) + Float(2 * betaD) * Self.log(1 + square)).squareRoot()
      let time = (root - Float(betaMin)) / Float(betaD)
      return (1, -sigma, 1 / (square + 1).squareRoot(), Float(steps - 1) * time)
    case .ve: return (1, sigma, 1, Self.log(0.5 * sigma))
    case .iddpm(_, let steps): return (1, -sigma, 1 / (square + 1).squareRoot(), Float(steps - 1) - Float(index(sigma)))
    }
  }

  /// iDDPM's noise levels; empty for the others.
  public var levels: [Float] {
    if case .iddpm(let levels, _) = kind { levels } else { [] }
  }

  /// The place of the nearest of iDDPM's noise levels; 0 for the others.
  public func index(_ sigma: Float) -> Int {
    let levels = levels
    return levels.indices.min { abs(levels[$0] - sigma) < abs(levels[$1] - sigma) } ?? 0
  }

  /// The nearest noise level the network knows: the same one, but for iDDPM.
  public func round(_ sigma: Double) -> Double {
    let levels = levels
    return levels.isEmpty ? sigma : Double(levels[index(Float(sigma))])
  }

  /// Values F gives per value of an image: iDDPM's networks predict variances too, which are not used.
  public var outputFactor: Int {
    if case .iddpm = kind { 2 } else { 1 }
  }

  private static func log(_ x: Float) -> Float { Float(Foundation.log(Double(x))) }
}

/// iDDPM's noise levels: u[M] = 0, u[j-1] = sqrt((u[j]² + 1) / max(abar(j-1) / abar(j), C_1) - 1) with
/// abar(j) = sin²(pi j / (2 M (C_2 + 1))).
package struct IDDPMLevels: Sendable, Hashable {
  /// M.
  package let steps: Int
  package let c1: Double
  package let c2: Double

  package init(steps: Int = 1000, c1: Double = 0.001, c2: Double = 0.008) {
    self.steps = steps
    self.c1 = c1
    self.c2 = c2
  }

  /// u, from the largest level to 0, M + 1 of them.
  ///
  /// As `ablation_sampler` has it: the recurrence in float64 over an abar in float32, which is what PyTorch makes of a whole
  /// j. The wrapper keeps everything in float32, up to 5e-4 away at the small end.
  package var values: [Double] {
    let sine = ReferenceSine(steps: steps, c2: c2)
    let bar = (0...max(steps, 0)).map { sine[$0] * sine[$0] }
    var levels = [Double](repeating: 0, count: max(steps, 0) + 1)
    for j in stride(from: steps, to: 0, by: -1) {
      levels[j - 1] = ((levels[j] * levels[j] + 1) / Double(max(bar[j - 1] / bar[j], Float(c1))) - 1).squareRoot()
    }
    return levels
  }
}
