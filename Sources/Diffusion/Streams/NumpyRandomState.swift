import Basics
import Foundation

/// numpy's legacy generator, `numpy.random.RandomState`, seeded with an integer (numpy/random/src/legacy and
/// `_mt19937_seed`). Agrees with numpy to the bit but for the rounding of `log` in normals.
public struct NumpyRandomState: Sendable, Hashable {
  private var words: MersenneTwister
  private var saved: Double?

  public init(seed: UInt32) { words = MersenneTwister(seed: seed) }

  /// The next uniform of [0, 1): 53 bits of two words.
  public mutating func uniform() -> Double {
    let high = words.next() >> 5
    return (Double(high) * 0x1p26 + Double(words.next() >> 6)) * 0x1p-53
  }

  /// The next standard normal, by the polar method; the second of a pair is kept for the next call.
  public mutating func normal() -> Double {
    if let value = saved {
      saved = nil
      return value
    }
    while true {
      let first = 2 * uniform() - 1
      let second = 2 * uniform() - 1
      let square = first * first + second * second
      guard square < 1, square != 0 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      saved = factor * first
      return factor * second
    }
  }

  /// `permutation(count)`: Fisher and Yates from the end. Throws when there are 2^32 elements or more.
  public mutating func permutation(_ count: Int) throws -> [Int] {
    guard count >= 0, UInt32(exactly: count) != nil else {
      throw PlumbError("a permutation is too long", kind: .input, expected: "below 2^32", found: "\(count)")
    }
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, Int(below(orEqual: UInt32(last)))) }
    return order
  }

  /// `choice(population, count, replace=False)`: positions, without repetition. Throws when more are asked for than there are.
  public mutating func choice(_ population: Int, _ count: Int) throws -> [Int] {
    guard count >= 0, count <= population else {
      throw PlumbError("more elements are drawn than there are", kind: .input, expected: "at most \(population)", found: "\(count)")
    }
    return Array(try permutation(population).prefix(count))
  }

  /// Uniform in 0...limit: words masked to its bits until one is small enough.
  private mutating func below(orEqual limit: UInt32) -> UInt32 {
    let mask = UInt32.max >> UInt32(limit.leadingZeroBitCount)
    while true {
      let word = words.next() & mask
      if word <= limit { return word }
    }
  }
}
