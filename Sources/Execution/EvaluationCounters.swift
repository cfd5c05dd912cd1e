import Synchronization

/// Network evaluations done, by cell: lanes add, the progress display reads.
final class EvaluationCounters: Sendable {
  private let counts: Mutex<[Int]>

  init(count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }

  func add(_ evaluations: Int, to cell: Int) {
    counts.withLock { if $0.indices.contains(cell) { $0[cell] += evaluations } }
  }

  func value(_ cell: Int) -> Int {
    counts.withLock { $0.indices.contains(cell) ? $0[cell] : 0 }
  }
}
