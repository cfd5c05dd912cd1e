import ArtifactStore
import Basics

/// What earlier runs left in their records that planning can use: which results are known, how fast this machine was,
/// what a cell was the last time.
public struct RunHistory: Sendable {
  /// A cell of an earlier run.
  public struct PastCell: Sendable {
    public let run: String
    public let name: String
    public let stage: String
    public let key: String?
    public let identity: JSONValue
    public let inputs: JSONValue
  }

  /// Newest first.
  public let cells: [PastCell]
  public let ownKeys: Set<Digest>
  /// FLOPs per second of one lane in the newest run that computed something.
  public let flopsPerLaneSecond: Double?

  /// Reads the newest `limit` run records of a store; unreadable ones are left out.
  public init(store: ArtifactStore, limit: Int = 50) {
    var cells: [PastCell] = []
    var ownKeys: Set<Digest> = []
    var rate: Double?
    for run in store.runs(newest: limit) {
      if rate == nil, let measured = run["flops_per_lane_second"]?.double, measured > 0 { rate = measured }
      for cell in run["cells"]?.list ?? [] {
        guard let identity = cell["identity"], let name = cell["name"]?.text, let stage = cell["stage"]?.text, cell["outputs"] != nil else {
          continue
        }
        if let own = cell["own_key"]?.text.flatMap({ Digest(hex: $0) }) { ownKeys.insert(own) }
        cells.append(
          PastCell(
            run: run["id"]?.text ?? "?", name: name, stage: stage, key: cell["key"]?.text, identity: identity,
            inputs: cell["inputs"] ?? .null))
      }
    }
    self.cells = cells
    self.ownKeys = ownKeys
    flopsPerLaneSecond = rate
  }
}
