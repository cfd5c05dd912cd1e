public import Basics
public import Foundation

extension ArtifactStore {
  /// A name for a run that sorts by time, "20261123-014155042-7f3a" (UTC to the millisecond, then four random digits), and that
  /// no run has.
  public func newRunID(date: Date) -> RunID {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    let milliseconds = min(999, Int((date.timeIntervalSince1970 - seconds) * 1000))
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let stamp = String(
      format: "%04d%02d%02d-%02d%02d%02d%03d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
      parts.tm_sec,
      milliseconds)
    while true {
      let suffix = String(UInt16.random(in: 0 ... .max), radix: 16)
      guard let id = RunID(stamp + "-" + String(repeating: "0", count: 4 - suffix.count) + suffix) else { continue }
      guard case .success = calls.status(runFolder(id)) else { return id }
    }
  }

  /// The folder of a run's record and report. It exists once the run has been written.
  public func runFolder(_ id: RunID) -> String { "\(root)/runs/\(id)" }

  /// Writes the record of a run, whole or not at all, in place of an earlier one.
  public func writeRun(id: RunID, _ record: JSONValue) throws {
    try writeRunFile(id: id, name: "run.json", record.encoded(pretty: true))
  }

  /// Writes a file beside the record of a run, whole or not at all, in place of an earlier one.
  public func writeRunFile(id: RunID, name: String, _ bytes: [UInt8]) throws {
    let temporary = try temporaryFile(mode: 0o644)
    try bytes.withUnsafeBytes { try temporary.write($0) }
    try temporary.flush()
    let path = "\(runFolder(id))/\(name)"
    try makeFolder(parent(of: path))
    try temporary.rename(to: path)
    try syncFolder(parent(of: path))
  }

  /// A file beside the record of a run; nil when there is none.
  public func runFile(id: RunID, name: String) throws -> [UInt8]? {
    try contents("\(runFolder(id))/\(name)", limit: 1 << 28)
  }

  /// Names of the runs that have a record, newest first.
  public var runIDs: [RunID] {
    runFolders.filter { id in
      if case .success(let status) = calls.status("\(runFolder(id))/run.json") { status.isFile } else { false }
    }
  }

  /// Folders that may be runs, newest first.
  private var runFolders: [RunID] {
    guard case .success(let names) = calls.list("\(root)/runs") else { return [] }
    return names.compactMap { RunID($0) }.sorted(by: >)
  }

  /// Records of the newest runs, newest first; those that cannot be read are left out.
  public func runs(newest limit: Int) -> [JSONValue] { runListing(newest: limit).records }

  /// Records of the newest runs, newest first, and which ones could not be read. A folder without a record (its run was
  /// killed while writing it) is not a run.
  public func runListing(newest limit: Int) -> RunListing {
    var listing = RunListing()
    for id in runFolders where listing.records.count < limit {
      do {
        guard let record = try runRecord(id) else { continue }
        listing.records.append(record)
      } catch {
        listing.unreadable.append(RunListing.Unreadable(id: id, reason: "\(error)"))
      }
    }
    return listing
  }

  /// The record of one run; nil when there is none of that name. Throws when it cannot be read.
  public func runRecord(_ id: RunID) throws -> JSONValue? {
    let path = "\(runFolder(id))/run.json"
    guard let bytes = try contents(path, limit: 1 << 28) else { return nil }
    let record: JSONValue
    do {
      record = try JSONValue(parsing: bytes)
    } catch let error as PlumbError {
      throw error.at(path)
    }
    // Whoever reads a record finds the run's other files by its id: one that names another folder is not this run's.
    if let named = record["id"]?.text, named != id.text {
      throw PlumbError("the record is of another run", at: path, expected: id.text, found: named.printable(limit: 80))
    }
    return record
  }

  /// The names of the files in a folder beside the record of a run; none when there is no such folder.
  package func runFiles(id: RunID, folder: String) throws -> [String] {
    try names("\(runFolder(id))/\(folder)")
  }

  /// Removes a file beside the record of a run; one that is not there is removed already.
  package func removeRunFile(id: RunID, name: String) throws {
    let path = "\(runFolder(id))/\(name)"
    let removed = calls.unlink(path)
    if case .failure(.missing) = removed { return }
    try removed.orThrow("cannot remove a file of the store", path)
    try syncFolder(parent(of: path))
  }
}

/// Runs of a store, newest first.
public struct RunListing: Sendable, Hashable {
  /// A run whose record cannot be read, and why: a warning, not an end.
  public struct Unreadable: Sendable, Hashable {
    public let id: RunID
    public let reason: String
  }

  public internal(set) var records: [JSONValue] = []
  public internal(set) var unreadable: [Unreadable] = []
}
