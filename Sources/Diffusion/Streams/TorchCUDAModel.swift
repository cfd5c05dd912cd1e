import Basics
import Foundation

/// A model of what `torch.randn` draws on a CUDA device, written down from PyTorch's and cuRAND's headers
/// (ATen/native/cuda/DistributionTemplates.h). It has not been compared with a GPU: do not claim parity from it.
///
/// Which numbers a large tensor gets depends on the device, through the size of the launch.
public struct TorchCUDAModel: Sendable, Hashable {
  public let seed: UInt64
  /// Numbers the generator has handed out so far, a multiple of 4.
  public private(set) var offset: UInt64
  /// The most blocks of 256 threads the device runs at once.
  private let residentBlocks: Int

  /// Throws when the device has no room for a block, or the offset is no multiple of 4.
  public init(seed: UInt64, offset: UInt64 = 0, multiprocessors: Int, threadsPerMultiprocessor: Int) throws {
    let (blocks, overflow) = multiprocessors.multipliedReportingOverflow(by: threadsPerMultiprocessor / Self.blockThreads)
    guard !overflow, multiprocessors > 0, blocks > 0, blocks < 1 << 22, offset % 4 == 0 else {
      throw PlumbError(
        "no such CUDA generator", kind: .input, expected: "a device with room for 256 threads, an offset that is a multiple of 4",
        found: "\(multiprocessors) x \(threadsPerMultiprocessor) threads, offset \(offset)")
    }
    (self.seed, self.offset, residentBlocks) = (seed, offset, blocks)
  }

  /// The normals of a float32 tensor of `count` elements, evaluated in float64 and not rounded.
  public mutating func singles(_ count: Int) -> [Double] {
    draw(count, valuesPerCall: 4) { words in
      let (first, second) = (Self.singlePair(words.x, words.y), Self.singlePair(words.z, words.w))
      return [first.0, first.1, second.0, second.1]
    }
  }

  /// The normals of a float64 tensor of `count` elements.
  public mutating func doubles(_ count: Int) -> [Double] {
    draw(count, valuesPerCall: 2) { words in
      let radial = UInt64(words.x) ^ UInt64(words.y) << 21
      let angular = UInt64(words.z) ^ UInt64(words.w) << 21
      let radius = (-2 * log(Double(radial) * 0x1p-53 + 0x1p-54)).squareRoot()
      let angle = Double.pi * (Double(angular) * 0x1p-52 + 0x1p-53)
      return [radius * sin(angle), radius * cos(angle)]
    }
  }

  private static let blockThreads = 256

  /// Thread t fills element t + call · threads · valuesPerCall + value · threads.
  private mutating func draw(_ count: Int, valuesPerCall: Int, _ values: (SIMD4<UInt32>) -> [Double]) -> [Double] {
    guard count > 0 else { return [] }
    let threads = Self.blockThreads * min((count - 1) / Self.blockThreads + 1, residentBlocks)
    let calls = (count - 1) / (threads * valuesPerCall) + 1
    let philox = Philox(seed: seed)
    var normals = [Double](repeating: 0, count: count)
    for call in 0..<calls {
      let counter = offset / 4 &+ UInt64(call)
      for thread in 0..<threads {
        let base = thread + call * threads * valuesPerCall
        guard base < count else { break }
        let words = philox.block(
          SIMD4(UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), UInt32(truncatingIfNeeded: thread), 0))
        for (value, normal) in values(words).enumerated() where base + value * threads < count {
          normals[base + value * threads] = normal
        }
      }
    }
    offset &+= 4 &* UInt64(calls)
    return normals
  }

  /// Sine first, then cosine.
  private static func singlePair(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let radius = (-2 * log(Double(first) * 0x1p-32 + 0x1p-33)).squareRoot()
    let angle = (Double(second) * 0x1p-32 + 0x1p-33) * 2 * Double.pi
    return (radius * sin(angle), radius * cos(angle))
  }
}
