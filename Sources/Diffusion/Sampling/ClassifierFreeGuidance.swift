import Basics

/// Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598, in the form of its code): e = e_u + s (e_c - e_u), from
/// one evaluation with the samples' classes and one without.
///
/// Epsilon Scaling comes after it, as the solver divides what the predictor gives.
public struct ClassifierFreeGuidance<Base: NoisePredictor>: NoisePredictor {
  private var base: Base
  private let scale: Float
  private let nullLabel: Int32
  private let guidedCount: Int
  private var unlabelled: [Float] = []

  /// - Parameters:
  ///   - base: a class-conditional network.
  ///   - scale: s; at 1 the evaluation without classes is left out, as in latent diffusion.
  ///   - nullLabel: the class that stands for none: the row past the last class for DiT and LDM, -1 where zeros do.
  ///   - guidedCount: how many values of an image's output are guided, the first ones. The rest is that of the evaluation with
  ///     classes: the fourth channel and the variances of DiT, which guides three channels.
  public init(_ base: Base, scale: Float, nullLabel: Int32, guidedCount: Int) {
    self.base = base
    self.scale = scale
    self.nullLabel = nullLabel
    self.guidedCount = guidedCount
  }

  public mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard labels != nil else { throw PlumbError("guidance needs a class for every image", kind: .input) }
    try base.predict(x, count: count, timestep: timestep, labels: labels, into: out)
    guard scale != 1, count > 0 else { return }
    let size = out.count / count
    guard guidedCount <= size else {
      throw PlumbError("the network gives less than is guided", expected: "\(guidedCount) values an image", found: "\(size)")
    }
    if unlabelled.count < out.count { unlabelled = [Float](repeating: 0, count: out.count) }
    let nulls = [Int32](repeating: nullLabel, count: count)
    // Out of `self` while `base`, which is in it too, writes to it.
    var memory: [Float] = []
    swap(&memory, &unlabelled)
    defer { swap(&memory, &unlabelled) }
    try memory.withUnsafeMutableBufferPointer { plain in
      let plain = UnsafeMutableBufferPointer(rebasing: plain[..<out.count])
      try base.predict(x, count: count, timestep: timestep, labels: nulls, into: plain)
      for first in stride(from: 0, to: out.count, by: size) {
        for element in first..<first + guidedCount { out[element] = plain[element] + scale * (out[element] - plain[element]) }
      }
    }
  }
}
