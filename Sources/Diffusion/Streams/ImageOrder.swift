import Basics

/// The order in which images serve as x_0: sample i takes image permutation(seed, purpose)[i mod count].
public struct ImageOrder: Sendable, Hashable {
  public let permutation: [Int]

  /// A shuffle by Fisher and Yates with Philox.
  public init(count: Int, seed: UInt64, purpose: NoisePurpose) throws {
    guard count > 0, UInt32(exactly: count) != nil else {
      throw PlumbError("a data set must hold between 1 and 2^32 - 1 images", kind: .input, found: "\(count)")
    }
    var words = BoundedWords(philox: Philox(seed: seed), purpose: purpose)
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(words.next(below: UInt32(last + 1))))
    }
    permutation = order
  }

  private init(permutation: [Int]) { self.permutation = permutation }

  /// Image i for sample i.
  public static func identity(count: Int) -> ImageOrder { ImageOrder(permutation: Array(0..<count)) }

  /// The image that is x_0 of a sample; throws when the sample's index is negative.
  public func image(ofSample sample: Int) throws -> Int {
    guard sample >= 0, !permutation.isEmpty else {
      throw PlumbError("no image for sample \(sample)", kind: .input, expected: "an index from 0")
    }
    return permutation[sample % permutation.count]
  }
}

/// Unbiased numbers below a bound from one Philox stream (Lemire 2019: the rare biased word is drawn again).
struct BoundedWords {
  private let philox: Philox
  private let purpose: NoisePurpose
  private var block: UInt64 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  init(philox: Philox, purpose: NoisePurpose) {
    self.philox = philox
    self.purpose = purpose
  }

  private mutating func next() -> UInt32 {
    if used == 4 {
      words = philox.block(SIMD4(UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), 0, purpose.rawValue))
      (block, used) = (block + 1, 0)
    }
    used += 1
    return words[used - 1]
  }

  /// A number from 0 to `bound` - 1; `bound` must not be 0.
  mutating func next(below bound: UInt32) -> UInt32 {
    var product = UInt64(next()) * UInt64(bound)
    let threshold = (0 &- bound) % bound
    while UInt32(truncatingIfNeeded: product) < threshold {
      product = UInt64(next()) * UInt64(bound)
    }
    return UInt32(product >> 32)
  }
}
