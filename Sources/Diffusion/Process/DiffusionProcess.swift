import Basics
import Foundation

/// A noising process restricted to the steps a sampler visits: every table a sampler needs, in float64.
///
/// Index i runs from 0 (least noise) to `count` - 1 (most). Each table has `count` values; a value is rounded to float32
/// only where it meets a float32 image.
public struct DiffusionProcess: Sendable, Hashable {
  public let schedule: BetaSchedule
  /// Steps of the training process, T.
  public let trainingSteps: Int
  public let respacing: Respacing
  /// Whether the network is told t · 1000 / T in place of t.
  public let rescaleTimesteps: Bool

  /// The training step of each index, ascending.
  public let timestepMap: [Int]
  /// beta of the respaced process: 1 - abar / (abar of the step kept before).
  public let betas: [Double]
  /// abar: the running product of 1 - beta.
  public let alphasCumprod: [Double]
  /// abar of the index below; 1 at index 0.
  public let alphasCumprodPrev: [Double]
  /// sqrt(1 / abar), the factor of x_t in the prediction of x_0.
  public let sqrtRecipAlphasCumprod: [Double]
  /// sqrt(1 / abar - 1), the factor of the noise in the prediction of x_0.
  public let sqrtRecipm1AlphasCumprod: [Double]
  /// beta (1 - abar_prev) / (1 - abar): the variance of q(x_{t-1} | x_t, x_0).
  public let posteriorVariance: [Double]
  /// Its logarithm, where index 0 takes the value of index 1 (the variance itself is 0 there).
  public let posteriorLogVarianceClipped: [Double]
  /// Factor of x_0 in the posterior mean: beta sqrt(abar_prev) / (1 - abar).
  public let posteriorMeanCoef1: [Double]
  /// Factor of x_t in the posterior mean: (1 - abar_prev) sqrt(1 - beta) / (1 - abar).
  public let posteriorMeanCoef2: [Double]

  /// Number of sampling steps, T'.
  public var count: Int { betas.count }

  /// Throws a `PlumbError` of kind `input` when schedule, steps and respacing do not fit each other.
  public init(schedule: BetaSchedule, steps: Int, respacing: Respacing = .all, rescaleTimesteps: Bool = false) throws {
    self.schedule = schedule
    self.trainingSteps = steps
    self.respacing = respacing
    self.rescaleTimesteps = rescaleTimesteps

    let training = Self.runningProduct(try schedule.betas(steps: steps))
    timestepMap = try respacing.timesteps(of: steps)
    var previous = 1.0
    var betas: [Double] = []
    for timestep in timestepMap {
      betas.append(1 - training[timestep] / previous)
      previous = training[timestep]
    }
    let bars = Self.runningProduct(betas)
    let before = [1.0] + bars.dropLast()
    let indices = betas.indices
    self.betas = betas
    alphasCumprod = bars
    alphasCumprodPrev = before
    sqrtRecipAlphasCumprod = bars.map { (1 / $0).squareRoot() }
    sqrtRecipm1AlphasCumprod = bars.map { (1 / $0 - 1).squareRoot() }
    let variance = indices.map { betas[$0] * (1 - before[$0]) / (1 - bars[$0]) }
    posteriorVariance = variance
    posteriorLogVarianceClipped = indices.map { log(variance[$0 == 0 ? min(1, variance.count - 1) : $0]) }
    posteriorMeanCoef1 = indices.map { betas[$0] * before[$0].squareRoot() / (1 - bars[$0]) }
    posteriorMeanCoef2 = indices.map { (1 - before[$0]) * (1 - betas[$0]).squareRoot() / (1 - bars[$0]) }
  }

  private static func runningProduct(_ betas: [Double]) -> [Double] {
    var product = 1.0
    return betas.map { beta in
      product *= 1 - beta
      return product
    }
  }

  /// The number the network is given for an index.
  public func modelTimestep(_ index: Int) -> Float {
    let timestep = Float(timestepMap[index])
    return rescaleTimesteps ? timestep * Float(1000 / Double(trainingSteps)) : timestep
  }

  /// Standard deviation of the noise in x_t given x_0: sqrt(1 - abar).
  public func noiseDeviation(_ index: Int) -> Double { (1 - alphasCumprod[index]).squareRoot() }

  /// Throws unless `index` is one of this process.
  func check(index: Int) throws {
    guard betas.indices.contains(index) else {
      throw PlumbError("no such step", kind: .input, expected: "an index from 0 to \(count - 1)", found: "\(index)")
    }
  }
}
