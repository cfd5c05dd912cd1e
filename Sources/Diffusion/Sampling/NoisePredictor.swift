/// The network of a chain: one lane, used by one thread at a time.
public protocol NoisePredictor {
  /// Predicts for `count` images `x`, [count, C, H, W], all at one timestep, into `out`, [count, Cout, H, W].
  ///
  /// Cout is C, or 2 C when the variance is learned. An image's prediction must not depend on the others of the batch.
  /// `labels` holds `count` classes for a class-conditional network.
  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>) throws

  /// The gradient, [count, C, H, W], that steps from `x` are to follow, or false when nothing guides them. `timestep` is the
  /// number `predict` was given.
  mutating func guide(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into gradient: UnsafeMutableBufferPointer<Float>
  ) throws -> Bool
}

extension NoisePredictor {
  public mutating func guide(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into gradient: UnsafeMutableBufferPointer<Float>
  ) throws -> Bool { false }
}
