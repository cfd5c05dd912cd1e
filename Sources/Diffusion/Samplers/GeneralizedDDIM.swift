import Basics

/// DDIM of ermongroup/ddim (`generalized_steps`) and of latent diffusion: the direction is the predicted noise itself, after
/// scaling, and nothing is clipped.
package struct GeneralizedDDIM: TimestepSampler {
  package static let name = "generalized"
  package static let version = 1
  package static let doc = "DDIM as ermongroup/ddim and LDM have it, over the predicted noise"
  package static let ownArguments = [SamplerArgument.eta]
  package static let clips = false

  package let eta: Double

  package init(_ arguments: SamplerArguments) { eta = arguments.number(.eta) ?? 0 }
  package init(eta: Double = 0) { self.eta = eta }

  package func check() throws { try SamplerArgument.check(eta: eta, isBounded: true) }

  /// sigma, the standard deviation of the noise a step from `index` adds.
  package func stepDeviation(_ process: DiffusionProcess, _ index: Int) -> Double {
    GeneralizedCoefficients.deviation(process, eta: eta, index: index)
  }

  package func makeStep(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) -> any TimestepStep {
    GeneralizedStep(reverse, eta: eta, elementCount: elementCount, capacity: capacity)
  }
}

private final class GeneralizedStep: TimestepStep {
  private let reverse: ReverseProcess
  private let eta: Double
  private let direction: NoiseDirection

  init(_ reverse: ReverseProcess, eta: Double, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    self.eta = eta
    direction = NoiseDirection(reverse, elementCount: elementCount, capacity: capacity)
  }

  func begin() {}

  func take(
    _ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor, noise: any NoiseSource
  ) throws -> StepNoises {
    let coefficients = GeneralizedCoefficients(reverse.process, eta: eta, index: call.index)
    try direction.evaluate(
      batch.states.values, at: call.index, call, in: batch, predictor: &predictor, raw: direction.raw.values)
    for element in 0..<call.samples.count * batch.elementCount { direction.used.values[element] = direction.scaled.values[element] }
    for (position, sample) in call.samples.enumerated() {
      direction.move(position, coefficients, steps: call.steps, in: batch)
      guard call.steps, coefficients.sigma != 0 else { continue }
      let (next, z) = (batch.below(position), batch.draw.values)
      try noise.normals(into: z, sample: sample, purpose: .step, step: call.index)
      for element in next.indices { next[element] += coefficients.sigma * z[element] }
    }
    return StepNoises(values: direction.raw.values, stride: batch.elementCount)
  }
}
