import Basics

/// One batch of a `SigmaSolver`: float64 states, and every intermediate of the latest step.
public final class SigmaBatch: BatchSolver {
  public let solver: SigmaSolver
  public let elementCount: Int
  public let capacity: Int

  private var states: [Double]
  private var next: [Double]
  /// The state after the noise of churn, and where Heun's second evaluation is made.
  private var raised: [Double]
  private var trial: [Double]
  private var slopes: [Double]
  private let denoised: FloatBuffer
  private let correctedDenoised: FloatBuffer
  private let input: FloatBuffer
  private let raw: FloatBuffer

  /// Float32 copies for observers.
  private let stateView: FloatBuffer
  private let noiseView: FloatBuffer
  private let correctionView: FloatBuffer
  private let nextView: FloatBuffer
  private let startImages: FloatBuffer
  private var draw: [Double]

  /// Called after each step with everything it went through.
  public var detail: ((SigmaDetail) throws -> Void)?

  /// Throws when batch or image are empty or too large for memory offsets.
  public init(solver: SigmaSolver, elementCount: Int, capacity: Int) throws {
    let (size, overflow) = elementCount.multipliedReportingOverflow(by: capacity)
    guard elementCount > 0, capacity > 0, !overflow, size <= Int.max / 16 else {
      throw PlumbError("a chain needs images and a batch", kind: .input, found: "\(capacity) images of \(elementCount) values")
    }
    self.solver = solver
    self.elementCount = elementCount
    self.capacity = capacity
    let zeros = [Double](repeating: 0, count: size)
    (states, next, raised, trial, slopes) = (zeros, zeros, zeros, zeros, zeros)
    denoised = FloatBuffer(count: size)
    correctedDenoised = FloatBuffer(count: solver.isHeun ? size : 0)
    input = FloatBuffer(count: size)
    raw = FloatBuffer(count: size * solver.outputFactor)
    stateView = FloatBuffer(count: size)
    noiseView = FloatBuffer(count: size)
    correctionView = FloatBuffer(count: solver.isHeun ? size : 0)
    nextView = FloatBuffer(count: size)
    startImages = FloatBuffer(count: size)
    draw = [Double](repeating: 0, count: elementCount)
  }

  /// Sets the state of the image at a position; for priors drawn elsewhere.
  public func setState(_ position: Int, to values: [Double]) throws {
    guard position >= 0, position < capacity, values.count == elementCount else {
      throw PlumbError("a state does not fit its chain", kind: .input, found: "\(values.count) values at position \(position)")
    }
    states.replaceSubrange(position * elementCount..<(position + 1) * elementCount, with: values)
  }

  /// The state of the image at a position.
  public func state(_ position: Int) -> [Double] { Array(states[position * elementCount..<(position + 1) * elementCount]) }

  public func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws {
    let first = solver.times[0]
    // PFGM++'s prior has its largest noise level fixed.
    let sigma = solver.perturbation == .gaussian ? solver.sigma(first) : Self.priorSigma
    let factor = sigma * solver.scale(first)
    for (position, sample) in samples.enumerated() {
      try fillDraw(sample, .start, 0, noise)
      for element in 0..<elementCount { states[position * elementCount + element] = factor * draw[element] }
    }
  }

  /// sigma_max of PFGM++'s prior (`generate.py`), whatever range the sampler is given.
  public static let priorSigma = 80.0

  public func start(
    _ samples: Range<Int>, from images: any StartImages, at index: Int, noise: any NoiseSource, purpose: NoisePurpose, step: Int
  ) throws {
    guard images.elementCount == elementCount else {
      throw PlumbError("x_0 does not fit the network", kind: .input, expected: "\(elementCount) values", found: "\(images.elementCount)")
    }
    let time = solver.times(at: index).current
    let (sigma, scale) = (Float(solver.sigma(time)), Float(solver.scale(time)))
    for (position, sample) in samples.enumerated() {
      let image = startImages.image(position, of: elementCount)
      try images.copy(sample: sample, into: image)
      try fillDraw(sample, purpose, step, noise)
      // In float32, as training noises images.
      for element in 0..<elementCount {
        states[position * elementCount + element] = Double(scale * (image[element] + Float(draw[element]) * sigma))
      }
    }
  }

  private func fillDraw(_ sample: Int, _ purpose: NoisePurpose, _ step: Int, _ noise: any NoiseSource) throws {
    try draw.withUnsafeMutableBufferPointer { draw in
      try solver.perturbation.fill(draw, sample: sample, purpose: purpose, step: step, from: noise)
    }
  }

  public func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView {
    let size = samples.count * elementCount
    let (current, end) = solver.times(at: index)
    for element in 0..<size { stateView.values[element] = Float(states[element]) }
    let time = try raise(samples, from: current, index: index, noise: noise)
    let (sigma, scale) = (solver.sigma(time), solver.scale(time))
    try denoise(raised, scale: scale, sigma: sigma, samples.count, labels: labels, predictor: &predictor, into: denoised)
    for element in 0..<size { noiseView.values[element] = Float((raised[element] / scale - Double(denoised.values[element])) / sigma) }
    var corrects = false
    if steps {
      corrects = solver.isHeun && index > 0
      let lambda = solver.scaling.lambda(index)
      step(size, from: time, to: end, lambda: lambda)
      if corrects {
        let point = time + solver.alpha * (end - time)
        try correct(size, samples.count, from: time, at: point, to: end, lambda: lambda, labels: labels, predictor: &predictor)
      }
      for element in 0..<size { nextView.values[element] = Float(next[element]) }
    }
    try detail?(
      SigmaDetail(
        index: index, time: time, raised: Array(raised[..<size]), denoised: Array(denoised.first(size)),
        corrected: corrects ? Array(correctedDenoised.first(size)) : nil, slope: Array(slopes[..<size]), trial: Array(trial[..<size]),
        next: Array(next[..<size])))
    return StepView(
      index: index, samples: samples, lambda: solver.scaling.lambda(index), elementCount: elementCount, states: stateView.values,
      noises: noiseView.values, noiseStride: elementCount, predictedStarts: denoised.values, previousStates: steps ? nextView.values : nil,
      startImages: hasStart ? startImages.values : nil, corrections: corrects ? correctionView.values : nil)
  }

  public func advance() { swap(&states, &next) }

  public func images(_ count: Int) -> UnsafeBufferPointer<Float> {
    for element in 0..<count * elementCount { stateView.values[element] = Float(states[element]) }
    return UnsafeBufferPointer(stateView.first(count * elementCount))
  }

  /// Adds the noise of churn; gives the time the state is then at. The draw is made only where it counts.
  private func raise(_ samples: Range<Int>, from current: Double, index: Int, noise: any NoiseSource) throws -> Double {
    let sigma = solver.sigma(current)
    let rise = solver.churn.rise(sigma: sigma, steps: solver.levels.count)
    guard rise > 0 else {
      raised = states
      return current
    }
    let time = solver.schedule.time(solver.preconditioning.round(sigma + rise * sigma))
    let (raisedSigma, scale) = (solver.sigma(time), solver.scale(time))
    let kept = scale / solver.scale(current)
    let deviation = max(raisedSigma * raisedSigma - sigma * sigma, 0).squareRoot() * scale * solver.churn.deviation
    for (position, sample) in samples.enumerated() {
      try draw.withUnsafeMutableBufferPointer { try noise.doubleNormals(into: $0, sample: sample, purpose: .step, step: index) }
      for element in 0..<elementCount {
        let place = position * elementCount + element
        raised[place] = kept * states[place] + deviation * draw[element]
      }
    }
    return time
  }

  /// D(x / s; sigma), in float32.
  private func denoise(
    _ x: [Double], scale: Double, sigma: Double, _ count: Int, labels: [Int32]?, predictor: inout some NoisePredictor,
    into result: borrowing FloatBuffer
  ) throws {
    let c = solver.preconditioning.coefficients(Float(sigma))
    let (size, factor) = (count * elementCount, solver.outputFactor)
    for element in 0..<size { input.values[element] = c.input * Float(x[element] / scale) }
    try predictor.predict(
      UnsafeBufferPointer(input.first(size)), count: count, timestep: c.noise, labels: labels, into: raw.first(size * factor))
    for position in 0..<count {
      for element in 0..<elementCount {
        let place = position * elementCount + element
        let value = raw.values[position * elementCount * factor + element]
        result.values[place] = c.skip * Float(x[place] / scale) + c.out * value
      }
    }
  }

  /// The slope at `time` with the scaled noise, Euler's proposal in `next`, and the trial point.
  ///
  /// eps = (x - D) / sigma with x not divided by s, as `ablation_sampler` has it: with s other than 1 and lambda other than 1
  /// that is not the network's epsilon.
  private func step(_ size: Int, from time: Double, to end: Double, lambda: Double) {
    let (sigma, weights, length) = (solver.sigma(time), solver.slope(time), end - time)
    for element in 0..<size {
      let x = raised[element]
      let epsilon = (x - Double(denoised.values[element])) / sigma / lambda
      let slope = weights.state * x - weights.denoised * (x - epsilon * sigma)
      slopes[element] = slope
      trial[element] = x + solver.alpha * length * slope
      next[element] = x + length * slope
    }
  }

  /// Heun's second evaluation, at the trial point.
  private func correct(
    _ size: Int, _ count: Int, from time: Double, at point: Double, to end: Double, lambda: Double, labels: [Int32]?,
    predictor: inout some NoisePredictor
  ) throws {
    let (sigma, scale, weights) = (solver.sigma(point), solver.scale(point), solver.slope(point))
    try denoise(trial, scale: scale, sigma: sigma, count, labels: labels, predictor: &predictor, into: correctedDenoised)
    let divisor = solver.scalesCorrections ? lambda : 1
    let share = 1 / (2 * solver.alpha)
    for element in 0..<size {
      let x = trial[element]
      let image = Double(correctedDenoised.values[element])
      correctionView.values[element] = Float((x / scale - image) / sigma)
      let epsilon = (x - image) / sigma / divisor
      let slope = weights.state * x - weights.denoised * (x - epsilon * sigma)
      next[element] = raised[element] + (end - time) * ((1 - share) * slopes[element] + share * slope)
    }
  }
}

/// Everything one step of a `SigmaBatch` went through, [images, C, H, W] each.
public struct SigmaDetail: Sendable {
  public let index: Int
  /// t_hat, the time after the noise of churn.
  public let time: Double
  /// x_hat.
  public let raised: [Double]
  /// D at x_hat.
  public let denoised: [Float]
  /// D of the second evaluation; nil where there was none.
  public let corrected: [Float]?
  /// dx/dt at x_hat, with the scaled noise.
  public let slope: [Double]
  /// Where the second evaluation is made, or would be.
  public let trial: [Double]
  public let next: [Double]
}
