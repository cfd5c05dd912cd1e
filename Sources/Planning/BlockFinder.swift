package import ArtifactStore
package import Basics
package import StageSchema

/// Tells which blocks of a cell are in the store. One listing serves all cells; each block is looked up once, and only where
/// something is kept under its key.
package struct BlockFinder: Sendable {
  private let store: ArtifactStore
  private let profile: Digest
  /// The keys under which anything is kept.
  private var present: Set<Digest>?
  /// The ranges of all blocks in the store, for cells with so many blocks that it is quicker to look at what there is.
  private var ranges: Set<Range<Int>>?

  package init(store: ArtifactStore, profile: Digest) {
    (self.store, self.profile) = (store, profile)
  }

  /// The blocks of a cell that are not in the store with all their objects.
  /// - Parameter isCancelled: asked often; throws an error of kind `interrupted` once it is true.
  /// - Complexity: O(blocks), a digest each, where the store holds many results; else O(results).
  package mutating func missing(
    of stage: any Blocked, _ identity: CellIdentity, inputs: CanonicalValue, isCancelled: () -> Bool = { false }
  ) throws -> BlockSet {
    let all = stage.blocks
    let present = try self.present ?? store.semanticKeys()
    self.present = present
    guard !present.isEmpty else { return all }
    var keys = BlockKeys(identity, inputs: inputs)
    func isMissing(_ range: Range<Int>) throws -> Bool {
      let key = keys.key(range)
      return try !present.contains(key) || !store.contains(ResultKey(semantic: key, profile: profile))
    }
    // Reading a manifest takes about as long as a hundred keys.
    guard all.count / 128 <= present.count else {
      let known = try knownRanges(present, isCancelled)
      let found = try known.filter { try !isMissing($0) }
      return found.reduce(all) { $0.subtracting(BlockSet(of: $1, blockSize: all.blockSize)) }
    }
    var asked = 0
    return try all.filter { range in
      asked += 1
      if asked % 1024 == 0, isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
      return try isMissing(range)
    }
  }

  private mutating func knownRanges(_ present: Set<Digest>, _ isCancelled: () -> Bool) throws -> Set<Range<Int>> {
    if let ranges { return ranges }
    var found: Set<Range<Int>> = []
    for key in present {
      if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
      guard let block = try store.recorded(ResultKey(semantic: key, profile: profile))?.outputs["block"],
        let bounds = block.facts["range"]?.list, bounds.count == 2, let lower = bounds[0].integer, let upper = bounds[1].integer,
        lower < upper
      else { continue }
      found.insert(lower..<upper)
    }
    ranges = found
    return found
  }
}
