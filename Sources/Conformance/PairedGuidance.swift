import Basics
import Diffusion

/// Classifier-free guidance as latent diffusion's samplers do it: a batch of twice the size, the unconditional half first,
/// with an unconditional class for every sample.
struct PairedGuidance<Base: NoisePredictor>: NoisePredictor {
  private var base: Base
  private let scale: Float
  private let unlabelled: [Int32]

  init(_ base: Base, scale: Float, unlabelled: [Int32]) {
    self.base = base
    self.scale = scale
    self.unlabelled = unlabelled
  }

  mutating func predict(
    _ x: UnsafeBufferPointer<Float>, count: Int, timestep: Float, labels: [Int32]?, into out: UnsafeMutableBufferPointer<Float>
  ) throws {
    guard let labels, labels.count == count, unlabelled.count == count else {
      throw PlumbError("guidance needs a class for every image and one for none", kind: .input, expected: "\(count)")
    }
    var both = [Float](repeating: 0, count: 2 * out.count)
    try (Array(x) + Array(x)).withUnsafeBufferPointer { pair in
      try both.withUnsafeMutableBufferPointer {
        try base.predict(pair, count: 2 * count, timestep: timestep, labels: unlabelled + labels, into: $0)
      }
    }
    for element in out.indices {
      let (plain, labelled) = (both[element], both[out.count + element])
      out[element] = plain + scale * (labelled - plain)
    }
  }
}
