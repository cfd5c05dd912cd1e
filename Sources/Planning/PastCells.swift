public import ArtifactStore
public import Basics
package import Results

/// Cells of earlier runs with everything that decided them, for explanations.
public struct PastCells: Sendable {
  public struct PastCell: Sendable {
    public let run: RunID
    public let profile: Digest
    package let cell: RecordedCell

    public var name: String { cell.name }
  }

  /// Those that have a result, newest first.
  public let cells: [PastCell]
  private let producers: [RunID: [Digest: Int]]

  /// Reads the newest `limit` run records of a store; unreadable ones are left out.
  public init(store: ArtifactStore, limit: Int = 50) {
    var cells: [PastCell] = []
    var producers: [RunID: [Digest: Int]] = [:]
    for id in store.runIDs.prefix(limit) {
      guard let record = (try? store.record(of: id)).flatMap({ $0 }), let profile = record.profileDigest else { continue }
      for cell in record.cells {
        guard let outputs = cell.outputs else { continue }
        for digest in outputs.values { producers[id, default: [:]][digest] = cells.count }
        cells.append(PastCell(run: id, profile: profile, cell: cell))
      }
    }
    self.cells = cells
    self.producers = producers
  }

  /// The cell of a run that made an artifact.
  func producer(of digest: Digest, in run: RunID) -> PastCell? { producers[run]?[digest].map { cells[$0] } }

  /// Cells of one stage kind, each computation once.
  func candidates(stage: String) -> [PastCell] {
    struct Computation: Hashable {
      let identity: RecordedIdentity
      let inputs: [String: [Digest]]
      let profile: Digest
    }
    var seen: Set<Computation> = []
    return cells.filter { past in
      past.cell.identity.stage == stage
        && seen.insert(Computation(identity: past.cell.identity, inputs: past.cell.inputs, profile: past.profile)).inserted
    }
  }
}
