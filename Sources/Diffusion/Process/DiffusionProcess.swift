import Basics
import Foundation

/// A noising process restricted to the steps a sampler visits: every table a sampler needs.
///
/// Index i runs from 0 (least noise) to `count` - 1 (most). Each table has `count` values. They are computed in float64 and
/// rounded to float32 only where they meet a float32 image, except under the schedules of ermongroup/ddim, which computes
/// every table in float32 (`BetaSchedule.hasSingleTables`).
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
  /// abar of the index below. At index 0 it is 1, or under LDM's respacing that of training step 0.
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
    try self.init(TrainingChain(schedule, steps: steps), respacing: respacing, rescaleTimesteps: rescaleTimesteps)
  }

  /// Throws as above.
  package init(_ chain: TrainingChain, respacing: Respacing = .all, rescaleTimesteps: Bool = false) throws {
    schedule = chain.schedule
    trainingSteps = chain.steps
    self.respacing = respacing
    self.rescaleTimesteps = rescaleTimesteps

    timestepMap = try respacing.timesteps(of: chain.steps)
    let tables =
      schedule.hasSingleTables
      ? ChainTables(single: chain.betas, timesteps: timestepMap, startsFromFirst: respacing.startsFromFirstStep)
      : ChainTables(double: chain.betas, timesteps: timestepMap, startsFromFirst: respacing.startsFromFirstStep)
    if let index = tables.bars.firstIndex(where: { !($0 > 0) }) {
      throw PlumbError(
        "no signal is left at a step the sampler visits", kind: .input, at: "noise_schedule", expected: "abar above 0",
        found: "\(tables.bars[index]) at timestep \(timestepMap[index])")
    }
    betas = tables.betas
    alphasCumprod = tables.bars
    alphasCumprodPrev = tables.before
    sqrtRecipAlphasCumprod = tables.sqrtRecip
    sqrtRecipm1AlphasCumprod = tables.sqrtRecipm1
    posteriorVariance = tables.variance
    posteriorLogVarianceClipped = tables.variance.indices.map { log(tables.variance[$0 == 0 ? min(1, tables.variance.count - 1) : $0]) }
    posteriorMeanCoef1 = tables.ofStart
    posteriorMeanCoef2 = tables.ofState
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
