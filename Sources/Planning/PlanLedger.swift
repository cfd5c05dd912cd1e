import ArtifactStore
import Basics
import StageSchema

/// What a plan in the making has counted already, so that no work is counted twice.
struct PlanLedger {
  private var finder: BlockFinder
  private let isCancelled: () -> Bool
  private var owners: [Digest: Int] = [:]
  /// The blocks that cells compute which agree in everything but their extent.
  private var claimed: [Digest: [BlockSet]] = [:]

  init(store: ArtifactStore, profile: Digest, isCancelled: @escaping () -> Bool) {
    finder = BlockFinder(store: store, profile: profile)
    self.isCancelled = isCancelled
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
    let missing = try contents.map { try finder.missing(of: stage, identity, inputs: $0, isCancelled: isCancelled) } ?? stage.blocks
    var own = missing
    if !isTwin {
      let base = identity.blockKey(0..<0, inputs: contents ?? recipes)
      for others in claimed[base] ?? [] { own = own.subtracting(others) }
      claimed[base, default: []].append(own)
    }
    return PlannedCell.BlockCount(total: stage.blockCount, missing: missing, own: own)
  }
}
