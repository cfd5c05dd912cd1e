public import ArtifactStore
public import Basics

/// What earlier runs left that planning can use: which results are known, and how fast this machine was.
public struct RunHistory: Sendable {
  /// Of the newest runs, newest first.
  private let indices: [RunIndex]

  /// Reads the indices of a store's runs; of the newest runs without one, the records. What cannot be read is left out.
  public init(store: ArtifactStore, limit: Int = 2000, recordLimit: Int = 20) {
    var indices: [RunIndex] = []
    var records = 0
    for id in store.runIDs.prefix(limit) {
      var index = (try? store.runFile(id: id, name: RunIndex.fileName)).flatMap { $0 }.flatMap { RunIndex($0) }
      if index == nil, records < recordLimit {
        records += 1
        index = (try? store.record(of: id)).flatMap { $0 }.flatMap { RunIndex($0) }
      }
      guard let index else { continue }
      indices.append(index)
    }
    self.indices = indices
  }

  /// Own keys (`CellIdentity.ownKey`) of results there are or were under a numerics profile.
  public func ownKeys(profile: Digest) -> Set<Digest> {
    indices.lazy.filter { $0.profile == profile }.reduce(into: []) { $0.formUnion($1.entries.lazy.map(\.ownKey)) }
  }

  /// Rates measured under a numerics profile, over all runs.
  public func rates(profile: Digest) -> MeasuredRates {
    MeasuredRates(indices.lazy.filter { $0.profile == profile }.flatMap(\.entries))
  }
}
