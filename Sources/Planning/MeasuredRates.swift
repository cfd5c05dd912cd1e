import Basics

/// How fast this machine computes the cells of each stage kind: medians over recent runs, so that one disturbed run does not
/// count.
public struct MeasuredRates: Sendable {
  /// Floating point operations per lane second, by stage kind.
  public let flopsPerSecond: [String: Double]
  /// The same over all stages, for a kind that was not run yet.
  public let overall: Double?
  /// Lane seconds of a cell, for the kinds that evaluate no network.
  public let secondsPerCell: [String: Double]

  public init(_ entries: [RunIndex.Entry]) {
    let timed = entries.filter { $0.seconds > 0 }
    // A cell that took next to no time tells of its overhead only.
    let counted = timed.filter { $0.flops > 0 && $0.seconds > 0.001 }
    flopsPerSecond = Dictionary(grouping: counted, by: \.stage).compactMapValues { Self.median($0.map { $0.flops / $0.seconds }) }
    overall = Self.median(counted.map { $0.flops / $0.seconds })
    secondsPerCell = Dictionary(grouping: timed.filter { $0.flops == 0 }, by: \.stage).compactMapValues { Self.median($0.map(\.seconds)) }
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
