import ArtifactStore
import Basics
import StageKit

/// What a plan in the making has counted already, so that no work is counted twice.
struct PlanLedger {
  private let store: ArtifactStore
  private let profile: Digest
  private var owners: [Digest: Int] = [:]
  /// Ranges of the cells that agree in everything but their extent.
  private var claimed: [Digest: [Range<Int>]] = [:]
  /// Everything that is in the store, listed when the first cell asks after many blocks.
  private var present: Set<Digest>?

  init(store: ArtifactStore, profile: Digest) {
    self.store = store
    self.profile = profile
  }

  /// The cell that computes a key; nil when it is this one, which then owns it.
  mutating func owner(of key: Digest, otherwise cell: Int) -> Int? {
    if let owner = owners[key] { return owner }
    owners[key] = cell
    return nil
  }

  /// Counts the blocks of a cell: those in the store, those another cell computes, those to do.
  /// - Parameter contents: what is known of the inputs; nil when one is to be computed first, or nothing may be reused.
  mutating func count(
    _ ranges: [Range<Int>], of identity: CellIdentity, contents: CanonicalValue?, recipes: CanonicalValue, isTwin: Bool
  ) throws -> PlannedCell.BlockCount {
    var missing = ranges
    if let contents, !ranges.isEmpty {
      if present == nil { present = try store.semanticKeys() }
      var keys = BlockKeys(identity, inputs: contents)
      missing = try ranges.filter { range in
        let key = keys.key(range)
        guard present?.contains(key) ?? false else { return true }
        return try !store.contains(ResultKey(semantic: key, profile: profile))
      }
    }
    let cached = ranges.count - missing.count
    let base = identity.blockKey(0..<0, inputs: contents ?? recipes)
    if !isTwin, let others = claimed[base] {
      let taken = Set(others)
      missing.removeAll { taken.contains($0) }
    }
    if !isTwin { claimed[base, default: []] += missing }
    return PlannedCell.BlockCount(
      total: ranges.count, cached: cached, shared: ranges.count - cached - missing.count,
      samplesToDo: missing.reduce(0) { $0 + $1.count }, largestToDo: missing.map(\.count).max() ?? 0)
  }
}
