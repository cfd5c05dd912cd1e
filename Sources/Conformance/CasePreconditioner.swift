import Basics
import Foundation

/// EDM's four preconditioners as their PyTorch code evaluates them, in float32 and in its order of operations (Karras et al.
/// 2022, table 1; `training/networks.py`): the golden cases hold the coefficients to the last bits.
struct CasePreconditioner {
  private enum Kind {
    case edm(sigmaData: Double)
    case vp(betaD: Double, betaMin: Double, steps: Double)
    case ve
    case iddpm(steps: Double)
  }

  private let kind: Kind
  /// iDDPM's noise levels from the largest to 0; empty for the others.
  let levels: [Float]

  /// `process` as `Recognition` tells it. Throws when it is none of the four or lacks a number.
  init(_ process: [String: JSONValue]) throws {
    func number(_ name: String) throws -> Double {
      guard let value = process[name]?.double else { throw PlumbError("the checkpoint's preconditioner lacks a number", at: name) }
      return value
    }
    levels = process["u"]?.doubles?.map(Float.init) ?? []
    switch process["kind"]?.text {
    case "edm": kind = .edm(sigmaData: try number("sigma_data"))
    case "vp": kind = .vp(betaD: try number("beta_d"), betaMin: try number("beta_min"), steps: try number("M"))
    case "ve": kind = .ve
    case "iddpm" where !levels.isEmpty: kind = .iddpm(steps: try number("M"))
    default: throw PlumbError("the checkpoint tells no preconditioner, or lacks iDDPM's noise levels", at: "process")
    }
  }

  /// c_skip, c_out, c_in and c_noise at a noise level.
  func coefficients(_ sigma: Float) -> (skip: Float, out: Float, input: Float, noise: Float) {
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
    case .iddpm(let steps): return (1, -sigma, 1 / (square + 1).squareRoot(), Float(steps - 1) - Float(index(sigma)))
    }
  }

  /// The place of the nearest of iDDPM's noise levels.
  func index(_ sigma: Float) -> Int { levels.indices.min { abs(levels[$0] - sigma) < abs(levels[$1] - sigma) } ?? 0 }

  /// The nearest noise level the network knows: any, but for iDDPM.
  func round(_ sigma: Double) -> Double { levels.isEmpty ? sigma : Double(levels[index(Float(sigma))]) }

  private static func log(_ x: Float) -> Float { Float(Foundation.log(Double(x))) }
}
