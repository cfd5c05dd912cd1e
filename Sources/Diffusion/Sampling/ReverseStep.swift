import Basics
import Foundation

/// One batch of images and the reverse step over it; all memory is made here, once.
///
/// The order of float32 operations is that of guided-diffusion, so that its recorded chains are met closely.
class ReverseStep: BatchSolver {
  let reverse: ReverseProcess
  let elementCount: Int
  let capacity: Int
  var states: FloatBuffer
  var previous: FloatBuffer
  let output: FloatBuffer
  let derivedNoise: FloatBuffer
  let predictedStart: FloatBuffer
  let draw: FloatBuffer
  /// What guides the step, [images, C, H, W]; empty until something does.
  private var gradients: [Float] = []
  let startImages: FloatBuffer

  /// Throws when batch or image are empty or too large for memory offsets.
  init(reverse: ReverseProcess, elementCount: Int, capacity: Int) throws {
    let size = try Self.size(elementCount: elementCount, capacity: capacity)
    self.reverse = reverse
    self.elementCount = elementCount
    self.capacity = capacity
    states = FloatBuffer(count: size)
    previous = FloatBuffer(count: size)
    output = FloatBuffer(count: size * reverse.outputFactor)
    derivedNoise = FloatBuffer(count: reverse.prediction == .start ? size : 0)
    predictedStart = FloatBuffer(count: size)
    startImages = FloatBuffer(count: size)
    draw = FloatBuffer(count: elementCount)
  }

  /// Values of a batch; throws when there are none, or too many for memory offsets.
  static func size(elementCount: Int, capacity: Int) throws -> Int {
    let (size, overflow) = elementCount.multipliedReportingOverflow(by: capacity)
    guard elementCount > 0, capacity > 0, !overflow, size <= Int.max / 16 else {
      throw PlumbError("a chain needs images and a batch", kind: .input, found: "\(capacity) images of \(elementCount) values")
    }
    return size
  }

  /// The states x of the batch: filled by the caller before the first step.
  func state(_ position: Int) -> UnsafeMutableBufferPointer<Float> { states.image(position, of: elementCount) }

  func images(_ count: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(states.first(count * elementCount)) }

  func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws {
    for (position, sample) in samples.enumerated() {
      try noise.normals(into: state(position), sample: sample, purpose: .start, step: 0)
    }
  }

  func start(
    _ samples: Range<Int>, from images: any StartImages, at index: Int, noise: any NoiseSource, purpose: NoisePurpose, step: Int
  ) throws {
    guard images.elementCount == elementCount else {
      throw PlumbError("x_0 does not fit the network", kind: .input, expected: "\(elementCount) values", found: "\(images.elementCount)")
    }
    for (position, sample) in samples.enumerated() {
      let (image, state) = (startImages.image(position, of: elementCount), state(position))
      try images.copy(sample: sample, into: image)
      try noise.normals(into: state, sample: sample, purpose: purpose, step: step)
      try reverse.process.noise(UnsafeBufferPointer(image), with: UnsafeBufferPointer(state), at: index, into: state)
    }
  }

  func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView {
    let count = samples.count
    try predictor.predict(
      images(count), count: count, timestep: reverse.process.modelTimestep(index), labels: labels,
      into: output.first(count * elementCount * reverse.outputFactor))
    let coefficients = StepCoefficients(reverse, index: index)
    let isGuided = steps ? try guide(index, count: count, labels: labels, predictor: &predictor) : false
    for (position, sample) in samples.enumerated() {
      predictStart(position, coefficients)
      if isGuided, coefficients.ddim != nil { guideStart(position, coefficients, index: index) }
      if steps { try makePrevious(position, sample: sample, index: index, coefficients, noise: noise) }
      if isGuided, coefficients.ddim == nil { guideMean(position, coefficients, index: index) }
    }
    let isDerived = reverse.prediction == .start
    return StepView(
      index: index, samples: samples, lambda: reverse.scaling.lambda(index), elementCount: elementCount, states: states.values,
      noises: isDerived ? derivedNoise.values : output.values, noiseStride: isDerived ? elementCount : elementCount * reverse.outputFactor,
      predictedStarts: predictedStart.values, previousStates: steps ? previous.values : nil,
      startImages: hasStart ? startImages.values : nil, corrections: nil)
  }

  func advance() { swap(&states, &previous) }

  /// Asks what guides the step; memory for it is made at the first step that is guided.
  private func guide(_ index: Int, count: Int, labels: [Int32]?, predictor: inout some NoisePredictor) throws -> Bool {
    if gradients.isEmpty { gradients = [Float](repeating: 0, count: capacity * elementCount) }
    return try gradients.withUnsafeMutableBufferPointer { gradients in
      try predictor.guide(
        images(count), count: count, timestep: reverse.process.modelTimestep(index), labels: labels,
        into: UnsafeMutableBufferPointer(rebasing: gradients[..<(count * elementCount)]))
    }
  }

  /// `condition_mean` of guided-diffusion: the mean moves by variance · gradient. With a fixed small variance that is the
  /// posterior's own, 0 at index 0.
  private func guideMean(_ position: Int, _ coefficients: StepCoefficients, index: Int) {
    let next = previous.image(position, of: elementCount)
    let first = position * elementCount
    if reverse.variance.isLearned {
      for element in 0..<elementCount {
        next[element] += exp(logVariance(position, element, coefficients)) * gradients[first + element]
      }
    } else {
      let variance =
        reverse.variance == .fixedSmall ? Float(reverse.process.posteriorVariance[index]) : exp(coefficients.largeLogVariance)
      for element in 0..<elementCount { next[element] += variance * gradients[first + element] }
    }
  }

  /// `condition_score` of guided-diffusion: the noise derived from x_0 moves by -sqrt(1 - abar) · gradient, and x_0 is predicted
  /// from it by the same formula as from the network's noise, so it is divided by lambda a second time and not clipped.
  private func guideStart(_ position: Int, _ coefficients: StepCoefficients, index: Int) {
    let (x, start) = (state(position), predictedStart.image(position, of: elementCount))
    let (recip, ratio, lambda) = (coefficients.recipSignal, coefficients.noiseRatio, coefficients.lambda)
    let deviation = Float(reverse.process.noiseDeviation(index))
    let first = position * elementCount
    for element in 0..<elementCount {
      let noise = (recip * x[element] - start[element]) / ratio - deviation * gradients[first + element]
      start[element] = recip * x[element] - ratio * (noise / lambda)
    }
  }

  /// The logarithm of a learned variance.
  private func logVariance(_ position: Int, _ element: Int, _ coefficients: StepCoefficients) -> Float {
    let value = output.image(2 * position + 1, of: elementCount)[element]
    guard reverse.variance == .learnedRange else { return value }
    let fraction = (value + 1) / 2
    return fraction * coefficients.largeLogVariance + (1 - fraction) * coefficients.smallLogVariance
  }

  private func predictStart(_ position: Int, _ coefficients: StepCoefficients) {
    let (x, start) = (state(position), predictedStart.image(position, of: elementCount))
    let predicted = output.image(position, of: elementCount * reverse.outputFactor)
    let (recip, ratio, lambda) = (coefficients.recipSignal, coefficients.noiseRatio, coefficients.lambda)
    switch reverse.prediction {
    case .noise:
      for element in 0..<elementCount { start[element] = recip * x[element] - ratio * (predicted[element] / lambda) }
    case .start:
      let noise = derivedNoise.image(position, of: elementCount)
      for element in 0..<elementCount { noise[element] = (recip * x[element] - predicted[element]) / ratio }
      for element in 0..<elementCount {
        start[element] = lambda == 1 ? predicted[element] : recip * x[element] - ratio * (noise[element] / lambda)
      }
    }
    guard reverse.clipDenoised else { return }
    // Written so that NaN stays NaN.
    for element in 0..<elementCount {
      let value = start[element]
      start[element] = value < -1 ? -1 : (value > 1 ? 1 : value)
    }
  }

  private func makePrevious(_ position: Int, sample: Int, index: Int, _ coefficients: StepCoefficients, noise: any NoiseSource) throws {
    let (x, start, next) = (state(position), predictedStart.image(position, of: elementCount), previous.image(position, of: elementCount))
    let z = draw.values
    let isNoisy = index > 0 && coefficients.ddim?.sigma != 0
    if isNoisy { try noise.normals(into: z, sample: sample, purpose: .step, step: index) }

    if let ddim = coefficients.ddim {
      let (recip, ratio) = (coefficients.recipSignal, coefficients.noiseRatio)
      for element in 0..<elementCount {
        let direction = (recip * x[element] - start[element]) / ratio
        next[element] = start[element] * ddim.start + ddim.direction * direction
      }
      guard isNoisy else { return }
      for element in 0..<elementCount { next[element] += ddim.sigma * z[element] }
      return
    }
    let (ofStart, ofState) = (coefficients.meanOfStart, coefficients.meanOfState)
    for element in 0..<elementCount { next[element] = ofStart * start[element] + ofState * x[element] }
    guard isNoisy else { return }
    addNoise(z, to: next, position, coefficients)
  }

  /// x' = mean + exp(log variance / 2) z.
  private func addNoise(
    _ z: UnsafeMutableBufferPointer<Float>, to next: UnsafeMutableBufferPointer<Float>, _ position: Int, _ coefficients: StepCoefficients
  ) {
    let (small, large) = (coefficients.smallLogVariance, coefficients.largeLogVariance)
    guard reverse.variance.isLearned else {
      let deviation = exp(0.5 * large)
      for element in 0..<elementCount { next[element] += deviation * z[element] }
      return
    }
    let second = output.image(2 * position + 1, of: elementCount)
    let isRange = reverse.variance == .learnedRange
    for element in 0..<elementCount {
      let value = second[element]
      let fraction = (value + 1) / 2
      let logVariance = isRange ? fraction * large + (1 - fraction) * small : value
      next[element] += exp(0.5 * logVariance) * z[element]
    }
  }
}
