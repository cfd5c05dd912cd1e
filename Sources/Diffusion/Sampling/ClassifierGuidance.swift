import Basics

/// A classifier of noisy images that tells how to move them towards a class.
public protocol GuidingClassifier {
  /// The gradient of log p(label | x) with respect to x, [count, C, H, W], of `count` images at one timestep; `timestep` is
  /// the number the network is given too.
  mutating func gradient(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32], into gradient: UnsafeMutableBufferPointer<Float>) throws
}

/// Classifier guidance (Dhariwal and Nichol 2021, algorithms 1 and 2): a network beside which a classifier steers every step
/// towards the samples' classes. What a step makes of the gradient is the solver's: the mean is moved (`condition_mean`), or,
/// for DDIM, the predicted noise (`condition_score`).
public struct ClassifierGuidance<Base: NoisePredictor, Classifier: GuidingClassifier>: NoisePredictor {
  private var base: Base
  private var classifier: Classifier
  private let scale: Float

  /// `scale` is `classifier_scale`.
  public init(_ base: Base, classifier: Classifier, scale: Float) {
    self.base = base
    self.classifier = classifier
    self.scale = scale
  }

  public mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    try base.predict(x, count: count, timestep: timestep, labels: labels, into: out)
  }

  public mutating func guide(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into gradient: UnsafeMutableBufferPointer<Float>
  ) throws -> Bool {
    guard let labels, labels.count == count else { throw PlumbError("guidance needs a class for every image", kind: .input) }
    try classifier.gradient(x, count: count, timestep: timestep, labels: labels, into: gradient)
    for element in gradient.indices { gradient[element] *= scale }
    return true
  }
}
