import Glibc

/// Times of a closure, in CPU seconds of this thread: on a shared machine the wall tells of the neighbours.
struct Stopwatch {
  /// The best of many rounds of at least 3 ms each, within about `budget` seconds.
  static func best(budget: Double = 0.25, _ body: () throws -> Void) rethrows -> Double {
    try body()
    var best = Double.infinity
    let start = now()
    repeat {
      let begin = now()
      var runs = 0.0
      repeat {
        try body()
        runs += 1
      } while now() - begin < 0.003
      best = min(best, (now() - begin) / runs)
    } while now() - start < budget
    return best
  }

  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// A block of floats, aligned to cache lines, filled with small numbers.
final class Floats {
  let base: UnsafeMutablePointer<Float>

  init(_ count: Int) {
    base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * 4, alignment: 64).bindMemory(
      to: Float.self, capacity: max(count, 16))
    for index in 0..<max(count, 16) { base[index] = Float((index &* 7919) % 1000) / 1000 - 0.5 }
  }

  deinit { base.deallocate() }
}
