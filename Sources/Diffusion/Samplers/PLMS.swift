import Basics

/// Pseudo linear multistep (Liu et al. 2022, arXiv:2202.09778) as in latent diffusion (`plms.py`, `p_sample_plms`): DDIM over
/// the predicted noise without noise of its own, along a combination of the last four predictions.
///
/// A chain begins where states are filled in: its first step evaluates a second time, at the level it arrives at.
package struct PLMS: TimestepSampler {
  package static let name = "plms"
  package static let version = 1
  package static let doc = "LDM's multistep, along a combination of the last four predictions"
  package static let clips = false

  package init(_ arguments: SamplerArguments) {}
  package init() {}

  package var hasCorrections: Bool { true }
  package func evaluations(from index: Int) -> Int { index + 2 }

  package func makeStep(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) -> any TimestepStep {
    PLMSStep(reverse, elementCount: elementCount, capacity: capacity)
  }
}

private final class PLMSStep: TimestepStep {
  private let reverse: ReverseProcess
  private let direction: NoiseDirection
  /// The noise of the second evaluation, before scaling.
  private let correction: FloatBuffer
  private var history: NoiseHistory

  init(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    direction = NoiseDirection(reverse, elementCount: elementCount, capacity: capacity)
    correction = FloatBuffer(count: elementCount * capacity)
    history = NoiseHistory(size: elementCount * capacity)
  }

  func begin() { history.clear() }

  func take(
    _ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor, noise: any NoiseSource
  ) throws -> StepNoises {
    let (index, values) = (call.index, call.samples.count * batch.elementCount)
    let coefficients = GeneralizedCoefficients(reverse.process, eta: 0, index: index)
    let (scaled, used) = (direction.scaled.values, direction.used.values)
    try direction.evaluate(batch.states.values, at: index, call, in: batch, predictor: &predictor, raw: direction.raw.values)

    let corrects = history.count == 0 && call.steps
    history.combine(scaled, count: values, into: used)
    if call.steps { history.append(scaled, count: values) }
    if corrects {
      for position in 0..<call.samples.count { direction.move(position, coefficients, steps: true, in: batch) }
      try direction.evaluate(
        batch.previous.values, at: max(index - 1, 0), call, in: batch, predictor: &predictor, raw: correction.values)
      for element in 0..<values { used[element] = (used[element] + scaled[element]) / 2 }
    }
    for position in 0..<call.samples.count { direction.move(position, coefficients, steps: call.steps, in: batch) }
    // At index 0 there is no level below: the second evaluation is at the same one, as in the original.
    return StepNoises(
      values: direction.raw.values, stride: batch.elementCount, corrections: corrects && index > 0 ? correction.values : nil)
  }
}
