import Basics
import Foundation

/// PyTorch's CPU generator: the numbers of `torch.randn`, `rand`, `randint` and `randperm` after `manual_seed`
/// (aten/src/ATen/native/cpu/DistributionTemplates.h and CPUGeneratorImpl of PyTorch).
///
/// Uniforms and integers agree to the bit, float64 normals to rounding. float32 normals agree within 2e-6: they are
/// evaluated in float64 here, with vector approximations there that differ from processor to processor.
public struct TorchGenerator: Sendable, Hashable {
  private var words: MersenneTwister
  /// The second value of the last pair that was drawn one at a time.
  private var saved: Double?

  /// `torch.manual_seed(seed)`: only the low 32 bits count.
  public init(seed: UInt64) { words = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed)) }

  /// `torch.rand`: uniforms in [0, 1).
  public mutating func uniforms<Scalar: TorchUniform>(_ count: Int, as: Scalar.Type) -> [Scalar] {
    (0..<max(count, 0)).map { _ in Scalar.uniform(&words) }
  }

  /// `torch.randn` of a contiguous tensor with `count` elements.
  public mutating func normals<Scalar: TorchUniform>(_ count: Int, as: Scalar.Type) -> [Scalar] {
    var values = [Scalar](repeating: 0, count: max(count, 0))
    values.withUnsafeMutableBufferPointer { fillNormals($0) }
    return values
  }

  /// `tensor.normal_()` on a contiguous tensor. Fewer than 16 elements are drawn one at a time and may leave a value
  /// for the next small draw of either type; more are filled with uniforms that are turned into normals in blocks of 16.
  public mutating func fillNormals<Scalar: TorchUniform>(_ values: UnsafeMutableBufferPointer<Scalar>) {
    guard values.count >= Self.block else {
      for position in values.indices { values[position] = Scalar(nextNormal()) }
      return
    }
    for position in values.indices { values[position] = Scalar.uniform(&words) }
    for start in stride(from: 0, through: values.count - Self.block, by: Self.block) { Self.transform(values, at: start) }
    guard values.count % Self.block != 0 else { return }
    // The last 16 elements are drawn again, those that are finished already among them.
    let tail = values.count - Self.block
    for position in tail..<values.count { values[position] = Scalar.uniform(&words) }
    Self.transform(values, at: tail)
  }

  /// Passes over `fillNormals` of `count` elements.
  public mutating func skipNormals<Scalar: TorchUniform>(_ count: Int, as: Scalar.Type) {
    guard count >= Self.block else {
      for _ in 0..<max(count, 0) { _ = nextNormal() }
      return
    }
    let uniforms = count + (count % Self.block == 0 ? 0 : Self.block)
    words.skip(uniforms * Scalar.wordsPerUniform)
  }

  /// `torch.randint(low, high, [count])`, without rejection as there. Throws when the range is empty.
  public mutating func integers(_ count: Int, from low: Int64, below high: Int64) throws -> [Int64] {
    guard low < high else { throw PlumbError("an empty range to draw from", kind: .input, expected: "above \(low)", found: "\(high)") }
    let range = UInt64(bitPattern: high &- low)
    return (0..<max(count, 0)).map { _ in
      let word = range < 1 << 28 ? UInt64(words.next()) : words.nextPair()
      return low &+ Int64(bitPattern: word % range)
    }
  }

  /// `torch.randperm(count)`. Throws when there are 2^32 elements or more.
  public mutating func permutation(_ count: Int) throws -> [Int] {
    guard count >= 0, let size = UInt32(exactly: count) else {
      throw PlumbError("a permutation is too long", kind: .input, expected: "below 2^32", found: "\(count)")
    }
    var order = Array(0..<count)
    for position in order.indices.dropLast() {
      order.swapAt(position, position + Int(words.next() % (size - UInt32(position))))
    }
    return order
  }

  /// The next raw word of the engine.
  public mutating func word() -> UInt32 { words.next() }

  private static let block = 16

  /// Box and Muller in float64; the sine is kept for the next call.
  private mutating func nextNormal() -> Double {
    if let value = saved {
      saved = nil
      return value
    }
    let (first, second) = (Double.uniform(&words), Double.uniform(&words))
    let radius = (-2 * log1p(-second)).squareRoot()
    let angle = 2 * Double.pi * first
    saved = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Box and Muller on 16 uniforms: element j is paired with element j + 8.
  private static func transform<Scalar: TorchUniform>(_ values: UnsafeMutableBufferPointer<Scalar>, at start: Int) {
    for position in start..<start + 8 {
      let radius = (-2 * log(1 - Double(values[position]))).squareRoot()
      let angle = 2 * Double.pi * Double(values[position + 8])
      values[position] = Scalar(radius * cos(angle))
      values[position + 8] = Scalar(radius * sin(angle))
    }
  }
}
