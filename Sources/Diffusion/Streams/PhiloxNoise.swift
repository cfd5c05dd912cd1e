import Basics
import Foundation

/// Standard normals from Philox: sample i is the same in any batch, block or run of the seed.
///
/// The counter is (block of four elements, sample, step, purpose), the key the seed; each block gives two pairs by
/// Box and Muller in float64, rounded to float32.
public struct PhiloxNoise: NoiseSource {
  private let philox: Philox

  public init(seed: UInt64) { philox = Philox(seed: seed) }

  public func normals(into values: UnsafeMutableBufferPointer<Float>, sample: Int, purpose: NoisePurpose, step: Int) throws {
    guard let sampleWord = UInt32(exactly: sample), let stepWord = UInt32(exactly: step), UInt32(exactly: values.count / 4) != nil else {
      throw PlumbError(
        "a random stream ends here", kind: .input, expected: "sample and step below 2^32", found: "sample \(sample), step \(step)")
    }
    for base in stride(from: 0, to: values.count, by: 4) {
      let words = philox.block(SIMD4(UInt32(base / 4), sampleWord, stepWord, purpose.rawValue))
      let pairs = (Self.pair(words.x, words.y), Self.pair(words.z, words.w))
      values[base] = pairs.0.0
      if base + 1 < values.count { values[base + 1] = pairs.0.1 }
      if base + 2 < values.count { values[base + 2] = pairs.1.0 }
      if base + 3 < values.count { values[base + 3] = pairs.1.1 }
    }
  }

  /// Two independent normals from two words. The first uniform is centred in its cell of 2^-32, so its logarithm is finite.
  private static func pair(_ first: UInt32, _ second: UInt32) -> (Float, Float) {
    let radius = (-2 * log((Double(first) + 0.5) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * (Double(second) * 0x1p-32)
    return (Float(radius * cos(angle)), Float(radius * sin(angle)))
  }
}
