import Basics

/// How much a store holds.
public struct StoreStatistics: Sendable, Hashable {
  /// Files of one kind and their bytes together.
  public struct Share: Sendable, Hashable {
    public internal(set) var files = 0
    public internal(set) var bytes = 0

    public init() {}
  }

  public internal(set) var objects = Share()
  public internal(set) var results = Share()
  /// Records and reports.
  public internal(set) var runs = Share()
  /// Files being written now, or left by writers that died.
  public internal(set) var temporary = Share()
  public internal(set) var quarantined = Share()

  public init() {}
}

extension ArtifactStore {
  /// Counts files and bytes; costs one stat per file.
  public func statistics() throws -> StoreStatistics {
    var statistics = StoreStatistics()
    statistics.objects = try share("\(root)/objects")
    statistics.results = try share("\(root)/results")
    statistics.runs = try share("\(root)/runs")
    statistics.temporary = try share("\(root)/tmp")
    statistics.quarantined = try share("\(root)/quarantine")
    return statistics
  }

  private func share(_ folder: String) throws -> StoreStatistics.Share {
    var share = StoreStatistics.Share()
    for name in try names(folder) {
      let path = "\(folder)/\(name)"
      guard case .success(let status) = calls.status(path) else { continue }
      if status.isFile {
        share.files += 1
        share.bytes += status.length
      } else {
        let inner = try self.share(path)
        share.files += inner.files
        share.bytes += inner.bytes
      }
    }
    return share
  }
}
