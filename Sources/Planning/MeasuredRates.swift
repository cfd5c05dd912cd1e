import Basics

/// How fast this machine computes the cells of each stage kind: medians over all measured runs, in which a cell counts as much
/// as what it computed, so that neither a disturbed run nor a tiny one moves them. Loading networks is in no measured time.
public struct MeasuredRates: Sendable {
  /// Floating point operations per lane second, by stage kind.
  public let flopsPerSecond: [String: Double]
  /// The same over all stages, for a kind that was not run yet.
  public let overall: Double?
  /// Lane seconds of a cell, for the kinds that evaluate no network.
  public let secondsPerCell: [String: Double]

  public init(_ entries: [RunIndex.Entry]) {
    let timed = entries.filter { $0.seconds > 0 }
    let counted = timed.filter { $0.flops > 0 }
    flopsPerSecond = Dictionary(grouping: counted, by: \.stage).compactMapValues(Self.rate)
    overall = Self.rate(counted)
    secondsPerCell = Dictionary(grouping: timed.filter { $0.flops == 0 }, by: \.stage).compactMapValues { Self.median($0.map(\.seconds)) }
  }

  /// The rate at which half of all operations were faster and half slower.
  private static func rate(_ entries: [RunIndex.Entry]) -> Double? {
    let sorted = entries.map { (rate: $0.flops / $0.seconds, flops: $0.flops) }.sorted { $0.rate < $1.rate }
    let half = sorted.reduce(0) { $0 + $1.flops } / 2
    var below = 0.0
    for (index, entry) in sorted.enumerated() {
      below += entry.flops
      if below == half, index + 1 < sorted.count { return (entry.rate + sorted[index + 1].rate) / 2 }
      if below >= half { return entry.rate }
    }
    return nil
  }

  /// Lane seconds that a cell's remaining work takes; nil when nothing like it was measured.
  public func laneSeconds(_ cell: PlannedCell) -> Double? {
    guard cell.hasWork else { return 0 }
    if cell.flopsToDo > 0 { return (flopsPerSecond[cell.identity.stage] ?? overall).map { cell.flopsToDo / $0 } }
    return secondsPerCell[cell.identity.stage]
  }

  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
