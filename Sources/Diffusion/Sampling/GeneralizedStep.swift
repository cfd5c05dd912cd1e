import Basics

/// The step of samplers whose direction is the predicted noise: DDIM as ermongroup/ddim and latent diffusion have it, and
/// PLMS over it (latent diffusion, `plms.py`, `p_sample_plms`).
///
/// A PLMS chain begins where states are filled in: its first step evaluates a second time, at the level it arrives at.
final class GeneralizedStep: ReverseStep {
  private let isMultistep: Bool
  /// Predicted noise before scaling and after, and what the step uses for it.
  private let raw: FloatBuffer
  private let scaled: FloatBuffer
  private let used: FloatBuffer
  /// The noise of the second evaluation, before scaling.
  private let correction: FloatBuffer
  private var history: NoiseHistory

  override init(reverse: ReverseProcess, elementCount: Int, capacity: Int) throws {
    let size = try Self.size(elementCount: elementCount, capacity: capacity)
    isMultistep = reverse.sampler == .plms
    raw = FloatBuffer(count: size)
    scaled = FloatBuffer(count: size)
    used = FloatBuffer(count: size)
    correction = FloatBuffer(count: isMultistep ? size : 0)
    history = NoiseHistory(size: isMultistep ? size : 0)
    try super.init(reverse: reverse, elementCount: elementCount, capacity: capacity)
  }

  override func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws {
    history.clear()
    try super.startFromPrior(samples, noise: noise)
  }

  override func start(
    _ samples: Range<Int>, from images: any StartImages, at index: Int, noise: any NoiseSource, purpose: NoisePurpose, step: Int
  ) throws {
    history.clear()
    try super.start(samples, from: images, at: index, noise: noise, purpose: purpose, step: step)
  }

  override func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView {
    let values = samples.count * elementCount
    let coefficients = GeneralizedCoefficients(reverse, index: index)
    try evaluate(states.values, samples.count, at: index, labels: labels, predictor: &predictor, raw: raw.values)

    let corrects = isMultistep && history.count == 0 && steps
    if isMultistep { history.combine(scaled.values, count: values, into: used.values) } else { copy(scaled, to: used, values) }
    if isMultistep, steps { history.append(scaled.values, count: values) }
    if corrects {
      for position in 0..<samples.count { move(position, coefficients, steps: true) }
      let next = max(index - 1, 0)
      try evaluate(previous.values, samples.count, at: next, labels: labels, predictor: &predictor, raw: correction.values)
      for element in 0..<values { used.values[element] = (used.values[element] + scaled.values[element]) / 2 }
    }
    for (position, sample) in samples.enumerated() {
      move(position, coefficients, steps: steps)
      if steps, coefficients.sigma != 0 { try addNoise(position, sample: sample, index, coefficients, noise) }
    }
    return StepView(
      index: index, samples: samples, lambda: reverse.scaling.lambda(index), elementCount: elementCount, states: states.values,
      noises: raw.values, noiseStride: elementCount, predictedStarts: predictedStart.values, previousStates: steps ? previous.values : nil,
      startImages: hasStart ? startImages.values : nil,
      // At index 0 there is no level below: the second evaluation is at the same one, as in the original.
      corrections: corrects && index > 0 ? correction.values : nil)
  }

  /// The noise the network finds in `x` at a level: as it is into `raw`, divided by lambda into `scaled`.
  private func evaluate(
    _ x: UnsafeMutableBufferPointer<Float>, _ count: Int, at index: Int, labels: [Int32]?, predictor: inout some NoisePredictor,
    raw: UnsafeMutableBufferPointer<Float>
  ) throws {
    let (values, stride) = (count * elementCount, elementCount * reverse.outputFactor)
    try predictor.predict(
      UnsafeBufferPointer(rebasing: x[..<values]), count: count, timestep: reverse.process.modelTimestep(index), labels: labels,
      into: output.first(count * stride))
    let coefficients = StepCoefficients(reverse, index: index)
    let (recip, ratio, lambda) = (coefficients.recipSignal, coefficients.noiseRatio, coefficients.lambda)
    for position in 0..<count {
      let (predicted, first) = (output.image(position, of: stride), position * elementCount)
      switch reverse.prediction {
      case .noise:
        for element in 0..<elementCount { raw[first + element] = predicted[element] }
      case .start:
        for element in 0..<elementCount { raw[first + element] = (recip * x[first + element] - predicted[element]) / ratio }
      }
    }
    for element in 0..<values { scaled.values[element] = raw[element] / lambda }
  }

  /// x_0 from the used noise, and the step over both without what is random.
  private func move(_ position: Int, _ coefficients: GeneralizedCoefficients, steps: Bool) {
    let (x, noise) = (state(position), used.image(position, of: elementCount))
    let (start, next) = (predictedStart.image(position, of: elementCount), previous.image(position, of: elementCount))
    let (signal, deviation) = (coefficients.signal, coefficients.deviation)
    for element in 0..<elementCount { start[element] = (x[element] - deviation * noise[element]) / signal }
    guard steps else { return }
    let (ofStart, direction) = (coefficients.signalBefore, coefficients.direction)
    for element in 0..<elementCount { next[element] = ofStart * start[element] + direction * noise[element] }
  }

  private func addNoise(
    _ position: Int, sample: Int, _ index: Int, _ coefficients: GeneralizedCoefficients, _ noise: any NoiseSource
  ) throws {
    let (next, z) = (previous.image(position, of: elementCount), draw.values)
    try noise.normals(into: z, sample: sample, purpose: .step, step: index)
    for element in 0..<elementCount { next[element] += coefficients.sigma * z[element] }
  }

  private func copy(_ source: borrowing FloatBuffer, to target: borrowing FloatBuffer, _ count: Int) {
    for element in 0..<count { target.values[element] = source.values[element] }
  }
}
