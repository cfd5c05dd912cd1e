import Basics
import Foundation

/// The ancestral step of Ho et al. 2020, with the learned variances of Nichol and Dhariwal 2021.
package struct Ancestral: TimestepSampler {
  package static let name = "ddpm"
  package static let version = 1
  package static let doc = "ancestral sampling, by the variance the network was trained with"
  package static let clips = true
  package static let isGuidable = true

  package init(_ arguments: SamplerArguments) {}
  package init() {}

  package func makeStep(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) -> any TimestepStep {
    AncestralStep(reverse, elementCount: elementCount, capacity: capacity)
  }
}

/// x' = c_1 x_0 + c_2 x + exp(log variance / 2) z: a draw from the posterior around the predicted x_0.
private final class AncestralStep: TimestepStep {
  private let reverse: ReverseProcess
  private let prediction: StartPrediction

  init(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    prediction = StartPrediction(reverse, elementCount: elementCount, capacity: capacity)
  }

  func begin() {}

  func take(
    _ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor, noise: any NoiseSource
  ) throws -> StepNoises {
    let (common, coefficients) = (StartCoefficients(reverse, index: call.index), Coefficients(reverse, index: call.index))
    let isGuided = try prediction.evaluate(call, in: batch, predictor: &predictor)
    for (position, sample) in call.samples.enumerated() {
      prediction.predictStart(position, common, in: batch)
      guard call.steps else { continue }
      try move(position, sample: sample, index: call.index, coefficients, in: batch, noise: noise)
      if isGuided { guide(position, coefficients, index: call.index, in: batch) }
    }
    return prediction.noises(in: batch)
  }

  private func move(
    _ position: Int, sample: Int, index: Int, _ coefficients: Coefficients, in batch: TimestepBatch, noise: any NoiseSource
  ) throws {
    let (x, start, next) = (batch.state(position), batch.start(position), batch.below(position))
    let z = batch.draw.values
    if index > 0 { try noise.normals(into: z, sample: sample, purpose: .step, step: index) }
    let (ofStart, ofState) = (coefficients.meanOfStart, coefficients.meanOfState)
    for element in next.indices { next[element] = ofStart * start[element] + ofState * x[element] }
    guard index > 0 else { return }
    guard reverse.variance.isLearned else {
      let deviation = exp(0.5 * coefficients.largeLogVariance)
      for element in next.indices { next[element] += deviation * z[element] }
      return
    }
    let second = batch.variances(position)
    for element in next.indices { next[element] += exp(0.5 * logVariance(second[element], coefficients)) * z[element] }
  }

  /// `condition_mean` of guided-diffusion: the mean moves by variance · gradient. With a fixed small variance that is the
  /// posterior's own, 0 at index 0.
  private func guide(_ position: Int, _ coefficients: Coefficients, index: Int, in batch: TimestepBatch) {
    let next = batch.below(position)
    let first = position * batch.elementCount
    if reverse.variance.isLearned {
      let second = batch.variances(position)
      for element in next.indices {
        next[element] += exp(logVariance(second[element], coefficients)) * prediction.gradients[first + element]
      }
    } else {
      let variance =
        reverse.variance == .fixedSmall ? Float(reverse.process.posteriorVariance[index]) : exp(coefficients.largeLogVariance)
      for element in next.indices { next[element] += variance * prediction.gradients[first + element] }
    }
  }

  /// The logarithm of a learned variance.
  private func logVariance(_ value: Float, _ coefficients: Coefficients) -> Float {
    guard reverse.variance == .learnedRange else { return value }
    let fraction = (value + 1) / 2
    return fraction * coefficients.largeLogVariance + (1 - fraction) * coefficients.smallLogVariance
  }
}

/// Rounded from float64 to float32 as they meet float32 images.
private struct Coefficients {
  let meanOfStart: Float
  let meanOfState: Float
  let smallLogVariance: Float
  let largeLogVariance: Float

  init(_ reverse: ReverseProcess, index: Int) {
    let bounds = LogVarianceBounds(reverse.variance, reverse.process, index: index)
    meanOfStart = Float(reverse.process.posteriorMeanCoef1[index])
    meanOfState = Float(reverse.process.posteriorMeanCoef2[index])
    smallLogVariance = Float(bounds.small)
    largeLogVariance = Float(bounds.large)
  }
}
