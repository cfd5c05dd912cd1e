import Basics

/// What a random number is for. The number enters the counter of the generator: it never changes its meaning.
public enum NoisePurpose: UInt32, Sendable, Hashable, CaseIterable {
  /// The start of a chain, x_T or the noise of q_sample(x_0, start).
  case start = 0
  /// The noise a reverse step adds.
  case step = 1
  /// The forward process of training mode, one draw per sample and step.
  case forward = 2
  /// Which image is x_0 of a sample in training mode.
  case trainingOrder = 3
  /// Which image is x_0 of a sample in measurements along a chain.
  case chainOrder = 4
  /// The class of a sample.
  case label = 5
  /// The radius of PFGM++'s prior, and of its noise in training mode.
  case startRadius = 6
  case forwardRadius = 7
  /// The draw from what an encoder of latents gives.
  case posterior = 8
}

/// Where standard normal numbers come from: a function of sample, purpose and step, never of a parameter under study,
/// so that ablations of one seed are paired.
public protocol NoiseSource: Sendable {
  /// Fills `values`, one image [C, H, W], with the normals of `sample` for `purpose` at respaced index `step`.
  func normals(into values: UnsafeMutableBufferPointer<Float>, sample: Int, purpose: NoisePurpose, step: Int) throws

  /// The same draw for a sampler whose states are float64. The default widens the float32 draw; a source that draws
  /// float64 numbers gives those.
  func doubleNormals(into values: UnsafeMutableBufferPointer<Double>, sample: Int, purpose: NoisePurpose, step: Int) throws
}

extension NoiseSource {
  public func doubleNormals(into values: UnsafeMutableBufferPointer<Double>, sample: Int, purpose: NoisePurpose, step: Int) throws {
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: values.count) { singles in
      singles.initialize(repeating: 0)
      try normals(into: singles, sample: sample, purpose: purpose, step: step)
      for position in values.indices { values[position] = Double(singles[position]) }
    }
  }
}
