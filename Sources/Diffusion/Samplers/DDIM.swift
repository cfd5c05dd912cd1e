import Basics

/// DDIM (Song et al. 2021, equation 12) as guided-diffusion and DiT have it: the direction to the next x is taken from the
/// prediction of x_0, after clipping.
package struct DDIM: TimestepSampler {
  package static let name = "ddim"
  package static let version = 1
  package static let doc = "guided-diffusion's and DiT's DDIM, its direction taken from the prediction of x_0 after clipping"
  package static let ownArguments = [SamplerArgument.eta]
  package static let clips = true
  package static let isGuidable = true

  /// 0 is deterministic, 1 as noisy as ancestral sampling.
  package let eta: Double

  package init(_ arguments: SamplerArguments) { eta = arguments.number(.eta) ?? 0 }
  package init(eta: Double = 0) { self.eta = eta }

  package func check() throws { try SamplerArgument.check(eta: eta, isBounded: false) }

  package func makeStep(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) -> any TimestepStep {
    DDIMStep(reverse, eta: eta, elementCount: elementCount, capacity: capacity)
  }
}

private final class DDIMStep: TimestepStep {
  private let reverse: ReverseProcess
  private let eta: Double
  private let prediction: StartPrediction

  init(_ reverse: ReverseProcess, eta: Double, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    self.eta = eta
    prediction = StartPrediction(reverse, elementCount: elementCount, capacity: capacity)
  }

  func begin() {}

  func take(
    _ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor, noise: any NoiseSource
  ) throws -> StepNoises {
    let common = StartCoefficients(reverse, index: call.index)
    let coefficients = Coefficients(reverse, eta: Float(eta), index: call.index)
    let isGuided = try prediction.evaluate(call, in: batch, predictor: &predictor)
    for (position, sample) in call.samples.enumerated() {
      prediction.predictStart(position, common, in: batch)
      if isGuided { guide(position, common, index: call.index, in: batch) }
      guard call.steps else { continue }
      let isNoisy = call.index > 0 && coefficients.sigma != 0
      if isNoisy { try noise.normals(into: batch.draw.values, sample: sample, purpose: .step, step: call.index) }
      move(position, common, coefficients, isNoisy: isNoisy, in: batch)
    }
    return prediction.noises(in: batch)
  }

  private func move(
    _ position: Int, _ common: StartCoefficients, _ coefficients: Coefficients, isNoisy: Bool, in batch: TimestepBatch
  ) {
    let (x, start, next) = (batch.state(position), batch.start(position), batch.below(position))
    let (recip, ratio) = (common.recipSignal, common.noiseRatio)
    for element in next.indices {
      let direction = (recip * x[element] - start[element]) / ratio
      next[element] = start[element] * coefficients.start + coefficients.direction * direction
    }
    guard isNoisy else { return }
    let z = batch.draw.values
    for element in next.indices { next[element] += coefficients.sigma * z[element] }
  }

  /// `condition_score` of guided-diffusion: the noise derived from x_0 moves by -sqrt(1 - abar) · gradient, and x_0 is predicted
  /// from it by the same formula as from the network's noise, so it is divided by lambda a second time and not clipped.
  private func guide(_ position: Int, _ common: StartCoefficients, index: Int, in batch: TimestepBatch) {
    let (x, start) = (batch.state(position), batch.start(position))
    let (recip, ratio, lambda) = (common.recipSignal, common.noiseRatio, common.lambda)
    let deviation = Float(reverse.process.noiseDeviation(index))
    let first = position * batch.elementCount
    for element in start.indices {
      let noise = (recip * x[element] - start[element]) / ratio - deviation * prediction.gradients[first + element]
      start[element] = recip * x[element] - ratio * (noise / lambda)
    }
  }
}

/// x' = sqrt(abar_prev) x_0 + sqrt(1 - abar_prev - sigma²) eps + sigma z, all in float32.
private struct Coefficients {
  let start: Float
  let direction: Float
  let sigma: Float

  init(_ reverse: ReverseProcess, eta: Float, index: Int) {
    let (signal, before) = (Float(reverse.process.alphasCumprod[index]), Float(reverse.process.alphasCumprodPrev[index]))
    sigma = eta * ((1 - before) / (1 - signal)).squareRoot() * (1 - signal / before).squareRoot()
    start = before.squareRoot()
    direction = (1 - before - sigma * sigma).squareRoot()
  }
}

extension SamplerArgument {
  static let eta = SamplerArgument(
    "eta", .number(0...1), usual: .number(0), isInEveryKey: true,
    doc: "Noise of a DDIM step: 0, its value when absent, is deterministic, 1 as noisy as ddpm.")

  /// Throws unless eta is a number from 0, and at most 1 where more leaves no variance for the direction.
  static func check(eta: Double, isBounded: Bool) throws {
    guard eta >= 0, eta.isFinite else {
      throw PlumbError("eta of DDIM must be a number from 0", kind: .input, at: "eta", found: "\(eta)")
    }
    guard eta <= 1 || !isBounded else { throw PlumbError("out of range", kind: .input, at: "eta", expected: "0 to 1", found: "\(eta)") }
  }
}
