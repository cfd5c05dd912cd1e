import Basics

/// The classes of samples for a class-conditional network.
public enum ClassLabels: Sendable, Hashable {
  /// Class of sample i at position i, from sample 0.
  case given([Int32])
  /// Uniform over the classes, drawn from the seed and the sample's index.
  case uniform(classes: Int, seed: UInt64)
  /// The class of the image that is x_0 of the sample.
  case ofImages([Int32], order: ImageOrder)
  /// Drawn by the generators the noise comes from, in their order.
  case drawn(TorchNoise)

  /// The classes of a range of samples.
  public func labels(of samples: Range<Int>) throws -> [Int32] {
    try samples.map { sample in
      switch self {
      case .drawn(let noise):
        return try noise.label(ofSample: sample)
      case .given(let labels):
        return try Self.label(sample, in: labels)
      case .ofImages(let labels, let order):
        return try Self.label(order.image(ofSample: sample), in: labels)
      case .uniform(let classes, let seed):
        guard let count = UInt32(exactly: classes), count > 0, let word = UInt32(exactly: sample) else {
          throw PlumbError("classes cannot be drawn", kind: .input, expected: "at least one class", found: "\(classes)")
        }
        let random = Philox(seed: seed).block(SIMD4(0, word, 0, NoisePurpose.label.rawValue))
        // 64 random bits: the bias of the multiplication is below 2^-32.
        return Int32(truncatingIfNeeded: (UInt64(random.x) << 32 | UInt64(random.y)).multipliedFullWidth(by: UInt64(count)).high)
      }
    }
  }

  private static func label(_ position: Int, in labels: [Int32]) throws -> Int32 {
    guard labels.indices.contains(position) else {
      throw PlumbError("no class is given for this sample", kind: .input, expected: "an index below \(labels.count)", found: "\(position)")
    }
    return labels[position]
  }
}
