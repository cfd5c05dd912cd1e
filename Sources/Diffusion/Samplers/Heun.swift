import Basics

/// EDM's second-order steps (Karras et al. 2022, algorithms 1 and 2): Euler's, corrected by the slope at a second point.
package struct Heun: SigmaSampler {
  package static let name = "heun"
  package static let version = 1
  package static let doc = "EDM's steps of second order"
  package static let ownArguments = [SamplerArgument.alpha]

  /// Where the second evaluation lies in the step: 1 at its end.
  package let alpha: Double
  /// `edm_sampler`: the noise of the second evaluation is scaled as well. `ablation_sampler` leaves it as it is.
  package let scalesCorrections: Bool

  /// As on EDM's command line, one of `discretization`, `schedule`, `scaling` and `alpha` chooses the ablation sampler.
  package init(_ arguments: SamplerArguments) {
    alpha = arguments.number(.alpha) ?? 1
    scalesCorrections = ![SamplerArgument.discretization, .schedule, .scaling, .alpha].contains(where: arguments.isGiven)
  }

  /// As `edm_sampler` has it.
  package init(alpha: Double = 1) { (self.alpha, scalesCorrections) = (alpha, true) }

  package func check() throws {
    guard alpha > 0, alpha <= 1 else {
      throw PlumbError("out of range", kind: .input, at: "alpha", expected: "above 0, at most 1", found: "\(alpha)")
    }
  }

  package var hasCorrections: Bool { true }
  package func evaluations(from index: Int) -> Int { 2 * index + 1 }

  package func makeStep(_ solver: SigmaSolver, elementCount: Int, capacity: Int) -> any SigmaStep {
    HeunStep(solver, self, size: elementCount * capacity)
  }
}

private final class HeunStep: SigmaStep {
  private let solver: SigmaSolver
  private let heun: Heun
  private let denoised: FloatBuffer
  private let noises: FloatBuffer

  init(_ solver: SigmaSolver, _ heun: Heun, size: Int) {
    self.solver = solver
    self.heun = heun
    denoised = FloatBuffer(count: size)
    noises = FloatBuffer(count: size)
  }

  func take(_ call: SigmaCall, in batch: SigmaBatch, predictor: inout some NoisePredictor) throws -> SigmaCorrection? {
    batch.propose(call, trialAt: heun.alpha)
    // The last step ends at the image, where there is no slope.
    guard call.index > 0 else { return nil }
    let point = call.time + heun.alpha * (call.end - call.time)
    let (sigma, scale, weights) = (solver.sigma(point), solver.scale(point), solver.slope(point))
    try batch.denoise(batch.trial, scale: scale, sigma: sigma, call, predictor: &predictor, into: denoised.values)
    let divisor = heun.scalesCorrections ? call.lambda : 1
    let share = 1 / (2 * heun.alpha)
    for element in 0..<call.count * batch.elementCount {
      let x = batch.trial[element]
      let image = Double(denoised.values[element])
      noises.values[element] = Float((x / scale - image) / sigma)
      let epsilon = (x - image) / sigma / divisor
      let slope = weights.state * x - weights.denoised * (x - epsilon * sigma)
      batch.next[element] = batch.raised[element] + (call.end - call.time) * ((1 - share) * batch.slopes[element] + share * slope)
    }
    return SigmaCorrection(denoised: denoised.values, noises: noises.values)
  }
}
