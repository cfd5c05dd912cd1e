import ArtifactStore
import Basics
import StageSchema

/// What a plan in the making has counted already, so that no work is counted twice.
struct PlanLedger {
  private let store: ArtifactStore
  private let profile: Digest
  private var owners: [Digest: Int] = [:]
  /// What the cells compute that agree in everything but their extent.
  private var claimed: [Digest: [Claim]] = [:]
  /// Everything that is in the store, listed when the first cell asks after many blocks.
  private var present: Set<Digest>?

  private struct Claim {
    let stage: any Blocked
    /// Nil for all blocks of the stage.
    let missing: [Range<Int>]?
  }

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
    _ stage: any Blocked, of identity: CellIdentity, contents: CanonicalValue?, recipes: CanonicalValue, isTwin: Bool
  ) throws -> PlannedCell.BlockCount {
    let total = stage.blockCount
    // A sweep has millions of blocks: they are written out only where one of them may be there.
    var missing = try contents.flatMap { try missingBlocks(stage, of: identity, inputs: $0) }
    let cached = missing.map { total - $0.count } ?? 0
    if !isTwin {
      let base = identity.blockKey(0..<0, inputs: contents ?? recipes)
      if let others = claimed[base] {
        let taken = Set(others.flatMap { $0.missing ?? $0.stage.blockRanges })
        missing = (missing ?? stage.blockRanges).filter { !taken.contains($0) }
      }
      claimed[base, default: []].append(Claim(stage: stage, missing: missing))
    }
    guard let missing else {
      return PlannedCell.BlockCount(
        total: total, cached: 0, shared: 0, samplesToDo: stage.extent.count, largestToDo: stage.largestBlock)
    }
    return PlannedCell.BlockCount(
      total: total, cached: cached, shared: total - cached - missing.count, samplesToDo: missing.reduce(0) { $0 + $1.count },
      largestToDo: missing.reduce(0) { max($0, $1.count) })
  }

  /// The blocks that are not in the store; nil for all.
  private mutating func missingBlocks(
    _ stage: any Blocked, of identity: CellIdentity, inputs: CanonicalValue
  ) throws -> [Range<Int>]? {
    if present == nil { present = try store.semanticKeys() }
    guard let present, !present.isEmpty else { return nil }
    var keys = BlockKeys(identity, inputs: inputs)
    let ranges = stage.blockRanges
    let missing = try ranges.filter { range in
      let key = keys.key(range)
      return try !present.contains(key) || !store.contains(ResultKey(semantic: key, profile: profile))
    }
    return missing.count == ranges.count ? nil : missing
  }
}
