import Basics

/// One batch of images of a chain over timesteps, and the step its sampler makes over it; all memory is made here, once.
///
/// The order of float32 operations in a step is that of its original, so that recorded chains are met closely.
package final class TimestepBatch: BatchSolver {
  private let reverse: ReverseProcess
  private let step: any TimestepStep
  package let elementCount: Int
  package let capacity: Int
  /// The states x of the batch, and those of the level below once a step was made.
  private(set) var states: FloatBuffer
  private(set) var previous: FloatBuffer
  /// What the network gave, the image's channels and then those of a learned variance.
  let output: FloatBuffer
  /// The prediction of x_0 a step uses.
  let predictedStart: FloatBuffer
  /// Room for the random numbers of one image.
  let draw: FloatBuffer
  private let startImages: FloatBuffer

  /// Throws when batch or image are empty or too large for memory offsets.
  package init(reverse: ReverseProcess, elementCount: Int, capacity: Int) throws {
    let size = try batchSize(elementCount: elementCount, capacity: capacity)
    self.reverse = reverse
    self.elementCount = elementCount
    self.capacity = capacity
    states = FloatBuffer(count: size)
    previous = FloatBuffer(count: size)
    output = FloatBuffer(count: size * reverse.outputFactor)
    predictedStart = FloatBuffer(count: size)
    startImages = FloatBuffer(count: size)
    draw = FloatBuffer(count: elementCount)
    step = reverse.sampler.makeStep(reverse, elementCount: elementCount, capacity: capacity)
  }

  package func images(_ count: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(states.first(count * elementCount)) }

  package func startFromPrior(_ samples: Range<Int>, noise: any NoiseSource) throws {
    step.begin()
    for (position, sample) in samples.enumerated() {
      try noise.normals(into: state(position), sample: sample, purpose: .start, step: 0)
    }
  }

  package func start(
    _ samples: Range<Int>, from images: any StartImages, at index: Int, noise: any NoiseSource, purpose: NoisePurpose, step: Int
  ) throws {
    guard images.elementCount == elementCount else {
      throw PlumbError("x_0 does not fit the network", kind: .input, expected: "\(elementCount) values", found: "\(images.elementCount)")
    }
    self.step.begin()
    for (position, sample) in samples.enumerated() {
      let (image, state) = (startImages.image(position, of: elementCount), state(position))
      try images.copy(sample: sample, into: image)
      try noise.normals(into: state, sample: sample, purpose: purpose, step: step)
      try reverse.process.noise(UnsafeBufferPointer(image), with: UnsafeBufferPointer(state), at: index, into: state)
    }
  }

  package func take(
    _ index: Int, samples: Range<Int>, labels: [Int32]?, hasStart: Bool, steps: Bool, predictor: inout some NoisePredictor,
    noise: any NoiseSource
  ) throws -> StepView {
    let call = TimestepCall(index: index, samples: samples, labels: labels, steps: steps)
    let noises = try step.take(call, in: self, predictor: &predictor, noise: noise)
    return StepView(
      index: index, samples: samples, lambda: reverse.scaling.lambda(index), elementCount: elementCount, states: states.values,
      noises: noises.values, noiseStride: noises.stride, predictedStarts: predictedStart.values,
      previousStates: steps ? previous.values : nil, startImages: hasStart ? startImages.values : nil, corrections: noises.corrections)
  }

  package func advance() { swap(&states, &previous) }
}

/// The image at a position of the batch, [C, H, W] each.
extension TimestepBatch {
  func state(_ position: Int) -> UnsafeMutableBufferPointer<Float> { states.image(position, of: elementCount) }
  /// The state of the level below.
  func below(_ position: Int) -> UnsafeMutableBufferPointer<Float> { previous.image(position, of: elementCount) }
  /// The prediction of x_0.
  func start(_ position: Int) -> UnsafeMutableBufferPointer<Float> { predictedStart.image(position, of: elementCount) }

  /// What the network predicts of the image.
  func predicted(_ position: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: output.image(position, of: elementCount * reverse.outputFactor)[..<elementCount])
  }

  /// The second half of the network's output, where the variance is learned.
  func variances(_ position: Int) -> UnsafeMutableBufferPointer<Float> { output.image(2 * position + 1, of: elementCount) }
}

/// Values of a batch; throws when there are none, or too many for memory offsets.
func batchSize(elementCount: Int, capacity: Int) throws -> Int {
  let (size, overflow) = elementCount.multipliedReportingOverflow(by: capacity)
  guard elementCount > 0, capacity > 0, !overflow, size <= Int.max / 16 else {
    throw PlumbError("a chain needs images and a batch", kind: .input, found: "\(capacity) images of \(elementCount) values")
  }
  return size
}
