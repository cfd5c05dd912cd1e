import Basics
import Glibc

/// Memory of our own, aligned to cache lines and freed with its owner.
struct AlignedBlock: ~Copyable {
  let base: UnsafeMutablePointer<Float>
  /// Floats.
  let count: Int

  /// Throws when the memory is not to be had.
  init(count: Int) throws {
    var raw: UnsafeMutableRawPointer?
    let (bytes, overflow) = max(count, 16).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard !overflow, posix_memalign(&raw, 64, bytes) == 0, let raw else {
      throw PlumbError("not enough memory", expected: "\(count) floats")
    }
    base = raw.bindMemory(to: Float.self, capacity: max(count, 16))
    self.count = count
  }

  deinit { free(base) }
}
