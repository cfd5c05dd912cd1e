/// Euler's steps, of EDM's `ablation_sampler` (Karras et al. 2022).
package struct Euler: SigmaSampler {
  package static let name = "euler"
  package static let version = 1
  package static let doc = "EDM's steps of first order"

  package init(_ arguments: SamplerArguments) {}
  package init() {}

  package func makeStep(_ solver: SigmaSolver, elementCount: Int, capacity: Int) -> any SigmaStep { EulerStep() }
}

private final class EulerStep: SigmaStep {
  func take(_ call: SigmaCall, in batch: SigmaBatch, predictor: inout some NoisePredictor) throws -> SigmaCorrection? {
    batch.propose(call, trialAt: 1)
    return nil
  }
}
