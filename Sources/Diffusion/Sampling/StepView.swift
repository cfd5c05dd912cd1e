/// What one reverse step of a batch did. The pointers are valid during the observer's call only.
public struct StepView {
  /// Respaced index of the step: the state `x` is at it, `previous` one below.
  public let index: Int
  /// Absolute indices of the samples of the batch.
  public let samples: Range<Int>
  /// What the predicted noise was divided by.
  public let lambda: Double
  /// Values of one image.
  public let elementCount: Int

  let states: UnsafeMutableBufferPointer<Float>
  let noises: UnsafeMutableBufferPointer<Float>
  let noiseStride: Int
  let predictedStarts: UnsafeMutableBufferPointer<Float>
  let previousStates: UnsafeMutableBufferPointer<Float>?
  let startImages: UnsafeMutableBufferPointer<Float>?
  let corrections: UnsafeMutableBufferPointer<Float>?

  /// x_t of the image at a position of the batch, [C, H, W].
  public func state(_ position: Int) -> UnsafeBufferPointer<Float> { image(states, position) }
  /// The noise the network predicted, before any scaling.
  public func noise(_ position: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(rebasing: noises[position * noiseStride..<position * noiseStride + elementCount])
  }
  /// The prediction of x_0 the step used: after scaling and clipping.
  public func predictedStart(_ position: Int) -> UnsafeBufferPointer<Float> { image(predictedStarts, position) }
  /// The step's result, x_{t-1}; nil where the network was evaluated without stepping.
  public func previous(_ position: Int) -> UnsafeBufferPointer<Float>? { previousStates.map { image($0, position) } }
  /// The noise of the second evaluation, at the level below, before any scaling; nil where there was none.
  public func correction(_ position: Int) -> UnsafeBufferPointer<Float>? { corrections.map { image($0, position) } }
  /// x_0 of the image when the chain started from real images.
  public func startImage(_ position: Int) -> UnsafeBufferPointer<Float>? { startImages.map { image($0, position) } }

  private func image(_ buffer: UnsafeMutableBufferPointer<Float>, _ position: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(rebasing: buffer[position * elementCount..<(position + 1) * elementCount])
  }
}

/// Receives every step of a chain, or of training mode, as it happens.
public protocol StepObserver: AnyObject {
  func observe(_ step: StepView) throws
}
