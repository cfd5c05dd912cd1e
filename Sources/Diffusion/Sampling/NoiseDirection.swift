import Basics

/// What samplers share whose direction is the predicted noise itself: the network's noise at a level, before scaling and
/// after, and the step along it.
final class NoiseDirection {
  private let reverse: ReverseProcess
  /// Predicted noise of the latest evaluation before scaling and after, and what the step uses for it.
  let raw: FloatBuffer
  let scaled: FloatBuffer
  let used: FloatBuffer

  init(_ reverse: ReverseProcess, elementCount: Int, capacity: Int) {
    self.reverse = reverse
    raw = FloatBuffer(count: elementCount * capacity)
    scaled = FloatBuffer(count: elementCount * capacity)
    used = FloatBuffer(count: elementCount * capacity)
  }

  /// The noise the network finds in `x` at a level: as it is into `raw`, divided by lambda into `scaled`.
  func evaluate(
    _ x: UnsafeMutableBufferPointer<Float>, at index: Int, _ call: TimestepCall, in batch: TimestepBatch,
    predictor: inout some NoisePredictor, raw: UnsafeMutableBufferPointer<Float>
  ) throws {
    let (count, size) = (call.samples.count, batch.elementCount)
    try predictor.predict(
      UnsafeBufferPointer(rebasing: x[..<(count * size)]), count: count, timestep: reverse.process.modelTimestep(index),
      labels: call.labels, into: batch.output.first(count * size * reverse.outputFactor))
    let coefficients = StartCoefficients(reverse, index: index)
    let (recip, ratio, lambda) = (coefficients.recipSignal, coefficients.noiseRatio, coefficients.lambda)
    for position in 0..<count {
      let (predicted, first) = (batch.predicted(position), position * size)
      switch reverse.prediction {
      case .noise:
        for element in 0..<size { raw[first + element] = predicted[element] }
      case .start:
        for element in 0..<size { raw[first + element] = (recip * x[first + element] - predicted[element]) / ratio }
      }
    }
    for element in 0..<count * size { scaled.values[element] = raw[element] / lambda }
  }

  /// x_0 from the used noise, and the step over both without what is random.
  func move(_ position: Int, _ coefficients: GeneralizedCoefficients, steps: Bool, in batch: TimestepBatch) {
    let (x, noise) = (batch.state(position), used.image(position, of: batch.elementCount))
    let (start, next) = (batch.start(position), batch.below(position))
    let (signal, deviation) = (coefficients.signal, coefficients.deviation)
    for element in start.indices { start[element] = (x[element] - deviation * noise[element]) / signal }
    guard steps else { return }
    let (ofStart, direction) = (coefficients.signalBefore, coefficients.direction)
    for element in next.indices { next[element] = ofStart * start[element] + direction * noise[element] }
  }
}

/// DDIM over the predicted noise: x_0 = (x - deviation e) / signal, x' = signalBefore x_0 + direction e + sigma z.
struct GeneralizedCoefficients {
  let signal: Float
  let deviation: Float
  let signalBefore: Float
  let direction: Float
  let sigma: Float

  init(_ process: DiffusionProcess, eta: Double, index: Int) {
    let (bar, before) = (Float(process.alphasCumprod[index]), Float(process.alphasCumprodPrev[index]))
    // 1 - bar / before loses digits, so the arithmetic is the original's: ermongroup/ddim in float32, LDM in float64 from
    // tables rounded to float32.
    if process.schedule.hasSingleTables {
      sigma = Float(eta) * ((1 - bar / before) * (1 - before) / (1 - bar)).squareRoot()
    } else {
      sigma = Float(Self.deviation(process, eta: eta, index: index))
    }
    signal = bar.squareRoot()
    deviation = (1 - bar).squareRoot()
    signalBefore = before.squareRoot()
    direction = max(1 - before - sigma * sigma, 0).squareRoot()
  }

  /// sigma of DDIM (Song et al. 2021, equation 16), from tables rounded to float32.
  static func deviation(_ process: DiffusionProcess, eta: Double, index: Int) -> Double {
    let (bar, before) = (Double(Float(process.alphasCumprod[index])), Double(Float(process.alphasCumprodPrev[index])))
    return eta * ((1 - before) / (1 - bar) * (1 - bar / before)).squareRoot()
  }
}
