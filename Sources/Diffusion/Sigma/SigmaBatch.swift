import Basics

/// One batch of a chain over noise levels, and the step its sampler makes over it: float64 states, and every intermediate of the
/// latest step. All memory is made here, once.
package final class SigmaBatch: BatchSolver {
  package let solver: SigmaSolver
  package let elementCount: Int
  package let capacity: Int

  private let step: any SigmaStep
  private var states: [Double]
  /// The state after the noise of churn, dx/dt there, where a second evaluation is made or would be, and the step's result.
  private(set) var raised: [Double]
  private(set) var slopes: [Double]
  private(set) var trial: [Double]
  var next: [Double]
  private let denoised: FloatBuffer
  private let input: FloatBuffer
  private let raw: FloatBuffer

  /// Float32 copies for observers.
  private let stateView: FloatBuffer
  private let noiseView: FloatBuffer
  private let nextView: FloatBuffer
  private let startImages: FloatBuffer
  private var draw: [Double]

  /// Called after each step with everything it went through.
  package var detail: ((SigmaDetail) throws -> Void)?

  /// Throws when batch or image are empty or too large for memory offsets.
  package init(solver: SigmaSolver, elementCount: Int, capacity: Int) throws {
    let size = try batchSize(elementCount: elementCount, capacity: capacity)
    self.solver = solver
    self.elementCount = elementCount
    self.capacity = capacity
    let zeros = [Double](repeating: 0, count: size)
    (states, next, raised, trial, slopes) = (zeros, zeros, zeros, zeros, zeros)
    denoised = FloatBuffer(count: size)
    input = FloatBuffer(count: size)
    raw = FloatBuffer(count: size * solver.outputFactor)
    stateView = FloatBuffer(count: size)
    noiseView = FloatBuffer(count: size)
    nextView = FloatBuffer(count: size)
    startImages = FloatBuffer(count: size)
    draw = [Double](repeating: 0, count: elementCount)
    step = solver.sampler.makeStep(solver, elementCount: elementCount, capacity: capacity)
  }

  /// Sets the state of the image at a position; for priors drawn elsewhere.
  package func setState(_ position: Int, to values: [Double]) throws {
    guard position >= 0, position < capacity, values.count == elementCount else {
      throw PlumbError("a state does not fit its chain", kind: .input, found: "\(values.count) values at position \(position)")
    }
    states.replaceSubrange(position * elementCount..<(position + 1) * elementCount, with: values)
  }

  /// The state of the image at a position.
  package func state(_ position: Int) -> [Double] { Array(states[position * elementCount..<(position + 1) * elementCount]) }

  package func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws {
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
  package static let priorSigma = 80.0

  package func start(
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

  package func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView {
    let size = samples.count * elementCount
    let (current, end) = solver.times(at: index)
    for element in 0..<size { stateView.values[element] = Float(states[element]) }
    let time = try raise(samples, from: current, index: index, noise: noise)
    let (sigma, scale) = (solver.sigma(time), solver.scale(time))
    let call = SigmaCall(
      index: index, time: time, end: end, count: samples.count, labels: labels, lambda: solver.scaling.lambda(index))
    try denoise(raised, scale: scale, sigma: sigma, call, predictor: &predictor, into: denoised.values)
    for element in 0..<size { noiseView.values[element] = Float((raised[element] / scale - Double(denoised.values[element])) / sigma) }
    let correction = steps ? try step.take(call, in: self, predictor: &predictor) : nil
    if steps {
      for element in 0..<size { nextView.values[element] = Float(next[element]) }
    }
    try detail?(
      SigmaDetail(
        index: index, time: time, raised: Array(raised[..<size]), denoised: Array(denoised.first(size)),
        corrected: correction.map { Array($0.denoised[..<size]) }, slope: Array(slopes[..<size]), trial: Array(trial[..<size]),
        next: Array(next[..<size])))
    return StepView(
      index: index, samples: samples, lambda: call.lambda, elementCount: elementCount, states: stateView.values,
      noises: noiseView.values, noiseStride: elementCount, predictedStarts: denoised.values, previousStates: steps ? nextView.values : nil,
      startImages: hasStart ? startImages.values : nil, corrections: correction?.noises)
  }

  package func advance() { swap(&states, &next) }

  package func images(_ count: Int) -> UnsafeBufferPointer<Float> {
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
}

/// What steps are made of.
extension SigmaBatch {
  /// D(x / s; sigma), in float32.
  func denoise(
    _ x: [Double], scale: Double, sigma: Double, _ call: SigmaCall, predictor: inout some NoisePredictor,
    into result: UnsafeMutableBufferPointer<Float>
  ) throws {
    let c = solver.preconditioning.coefficients(Float(sigma))
    let (count, factor) = (call.count, solver.outputFactor)
    let size = count * elementCount
    for element in 0..<size { input.values[element] = c.input * Float(x[element] / scale) }
    try predictor.predict(
      UnsafeBufferPointer(input.first(size)), count: count, timestep: c.noise, labels: call.labels, into: raw.first(size * factor))
    for position in 0..<count {
      for element in 0..<elementCount {
        let place = position * elementCount + element
        let value = raw.values[position * elementCount * factor + element]
        result[place] = c.skip * Float(x[place] / scale) + c.out * value
      }
    }
  }

  /// The slope at the raised state with the scaled noise, Euler's proposal in `next`, and in `trial` the point at a fraction of
  /// the step.
  ///
  /// eps = (x - D) / sigma with x not divided by s, as `ablation_sampler` has it: with s other than 1 and lambda other than 1
  /// that is not the network's epsilon.
  func propose(_ call: SigmaCall, trialAt fraction: Double) {
    let (sigma, weights, length) = (solver.sigma(call.time), solver.slope(call.time), call.end - call.time)
    for element in 0..<call.count * elementCount {
      let x = raised[element]
      let epsilon = (x - Double(denoised.values[element])) / sigma / call.lambda
      let slope = weights.state * x - weights.denoised * (x - epsilon * sigma)
      slopes[element] = slope
      trial[element] = x + fraction * length * slope
      next[element] = x + length * slope
    }
  }
}

/// Everything one step of a `SigmaBatch` went through, [images, C, H, W] each.
package struct SigmaDetail: Sendable {
  package let index: Int
  /// t_hat, the time after the noise of churn.
  package let time: Double
  /// x_hat.
  package let raised: [Double]
  /// D at x_hat.
  package let denoised: [Float]
  /// D of the second evaluation; nil where there was none.
  package let corrected: [Float]?
  /// dx/dt at x_hat, with the scaled noise.
  package let slope: [Double]
  /// Where the second evaluation is made, or would be.
  package let trial: [Double]
  package let next: [Double]
}
