public import ArtifactStore
public import Basics
public import Planning

/// How one cell ended.
public struct CellOutcome: Sendable {
  public enum Ending: Sendable {
    case cached
    case computed
    case failed(PlumbError)
    /// Not reached: an input failed, or the run was interrupted before.
    case skipped
  }

  public let cell: PlannedCell
  public let ending: Ending
  /// The key over input contents; nil when the inputs never were complete.
  public let key: Digest?
  public let result: ResultManifest?
  /// Content digests of the inputs by port, in gathered order.
  public let inputs: [String: [Digest]]
  /// Lane seconds of computing it; loading networks and data, and keeping what came out, is not in them.
  public let seconds: Double
  public let blocksComputed: Int
  /// What a person should know of it: that it gave other bytes than before.
  public let notes: [String]

  /// Floating point operations behind `seconds`; nil when the cell did other work than was planned (an input came out equal, a
  /// lane found a block done).
  public var flopsComputed: Double? {
    guard case .computed = ending, cell.blocks.map({ $0.toDo == blocksComputed }) ?? true else { return nil }
    return cell.flopsToDo
  }

  public init(
    cell: PlannedCell, ending: Ending, key: Digest?, result: ResultManifest?, inputs: [String: [Digest]], seconds: Double,
    blocksComputed: Int, notes: [String] = []
  ) {
    self.cell = cell
    self.ending = ending
    self.key = key
    self.result = result
    self.inputs = inputs
    self.seconds = seconds
    self.blocksComputed = blocksComputed
    self.notes = notes
  }
}
