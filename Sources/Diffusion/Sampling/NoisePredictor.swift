/// The network of a chain: one lane, used by one thread at a time.
public protocol NoisePredictor {
  /// Predicts for `count` images `x`, [count, C, H, W], all at one timestep, into `out`, [count, Cout, H, W].
  ///
  /// Cout is C, or 2 C when the variance is learned. An image's prediction must not depend on the others of the batch.
  /// `labels` holds `count` classes for a class-conditional network.
  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>) throws
}
