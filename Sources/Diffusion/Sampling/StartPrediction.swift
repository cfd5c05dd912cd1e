import Basics

/// What the samplers of guided-diffusion begin a step with: the network's output, the prediction of x_0 from it, scaled and
/// clipped, and the gradient of what guides the step.
final class StartPrediction {
  private let reverse: ReverseProcess
  /// The noise implied by a network that predicts x_0; empty for those that predict the noise.
  private let derivedNoise: FloatBuffer
  private let capacity: Int
  /// What guides the step, [images, C, H, W]; empty until a step was made.
  private(set) var gradients: [Float] = []

  init(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    self.capacity = capacity
    derivedNoise = FloatBuffer(count: reverse.prediction == .start ? elementCount * capacity : 0)
  }

  /// Evaluates the network and, where a step is made, asks what guides it; says whether something does.
  func evaluate(_ call: TimestepCall, in batch: TimestepBatch, predictor: inout some NoisePredictor) throws -> Bool {
    let count = call.samples.count
    let timestep = reverse.process.modelTimestep(call.index)
    try predictor.predict(
      batch.images(count), count: count, timestep: timestep, labels: call.labels,
      into: batch.output.first(count * batch.elementCount * reverse.outputFactor))
    guard call.steps else { return false }
    if gradients.isEmpty { gradients = [Float](repeating: 0, count: capacity * batch.elementCount) }
    return try gradients.withUnsafeMutableBufferPointer { gradients in
      try predictor.guide(
        batch.images(count), count: count, timestep: timestep, labels: call.labels,
        into: UnsafeMutableBufferPointer(rebasing: gradients[..<(count * batch.elementCount)]))
    }
  }

  /// x_0 = x / sqrt(abar) - sqrt(1 / abar - 1) eps / lambda of the image at a position, clipped where asked for.
  func predictStart(_ position: Int, _ coefficients: StartCoefficients, in batch: TimestepBatch) {
    let (x, start, predicted) = (batch.state(position), batch.start(position), batch.predicted(position))
    let (recip, ratio, lambda) = (coefficients.recipSignal, coefficients.noiseRatio, coefficients.lambda)
    switch reverse.prediction {
    case .noise:
      for element in start.indices { start[element] = recip * x[element] - ratio * (predicted[element] / lambda) }
    case .start:
      let noise = derivedNoise.image(position, of: batch.elementCount)
      for element in start.indices { noise[element] = (recip * x[element] - predicted[element]) / ratio }
      for element in start.indices {
        start[element] = lambda == 1 ? predicted[element] : recip * x[element] - ratio * (noise[element] / lambda)
      }
    }
    guard reverse.clipDenoised else { return }
    // Written so that NaN stays NaN.
    for element in start.indices {
      let value = start[element]
      start[element] = value < -1 ? -1 : (value > 1 ? 1 : value)
    }
  }

  func noises(in batch: TimestepBatch) -> StepNoises {
    reverse.prediction == .start
      ? StepNoises(values: derivedNoise.values, stride: batch.elementCount)
      : StepNoises(values: batch.output.values, stride: batch.elementCount * reverse.outputFactor)
  }
}

/// The coefficients of the prediction of x_0, each rounded from float64 to float32 as it meets float32 images.
struct StartCoefficients {
  let lambda: Float
  let recipSignal: Float
  let noiseRatio: Float

  init(_ reverse: ReverseProcess, index: Int) {
    lambda = Float(reverse.scaling.lambda(index))
    recipSignal = Float(reverse.process.sqrtRecipAlphasCumprod[index])
    noiseRatio = Float(reverse.process.sqrtRecipm1AlphasCumprod[index])
  }
}
