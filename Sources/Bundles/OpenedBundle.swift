import ArtifactStore
public import Basics
import Checkpoints
import Foundation
import Planning
import Results

/// A bundle that was opened: every byte is checked against its index before it is used.
public struct OpenedBundle: Sendable {
  private let zip: ZipFolder
  private let index: BundleIndex
  private let path: String

  /// What unpacking gave.
  public struct Unpacked: Sendable {
    public let run: RunID
    /// The pipeline file, and the flags the run had.
    public let pipeline: String
    public let flags: [String]
    public let parameterFiles: [String]
    public let files: Int
    public let results: Int
    /// Outside files the bundle does not hold, with their digests.
    public let absent: [String: Digest]
  }

  /// Throws a `PlumbError` of kind `input` when the file is not a bundle.
  public init(path: String) throws {
    self.path = path
    do {
      zip = try ZipFolder(path: path)
      guard let bytes = try zip.read(BundleIndex.name) else { throw PlumbError("not a bundle", expected: "a member \(BundleIndex.name)") }
      index = try BundleIndex(json: try JSONValue(parsing: bytes))
    } catch let error as PlumbError {
      throw PlumbError(error.message, kind: .input, at: error.place ?? path, expected: error.expected, found: error.found)
    }
  }

  /// Unpacks into a folder that is not there yet (or is empty); it appears when everything in it is right.
  /// Throws an error of kind `interrupted` once `isCancelled` says so.
  public func unpack(to folder: String, isCancelled: () -> Bool = { false }) throws -> Unpacked {
    let target = URL(fileURLWithPath: folder).standardizedFileURL.path
    if let there = try? FileManager.default.contentsOfDirectory(atPath: target), !there.isEmpty {
      throw PlumbError("the folder is not empty", kind: .input, at: folder, expected: "a new or empty folder")
    }
    let temporary = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    do {
      try AtomicFile.makeDirectory(temporary)
      try fill(temporary, as: target, isCancelled)
      _ = Files.calls.removeFolder(target)
      try Files.calls.rename(temporary, to: target).orFail("cannot give the folder its name", target)
    } catch {
      try? FolderTree.remove(temporary)
      throw error
    }
    let record = try record()
    return Unpacked(
      run: index.run, pipeline: "\(folder)/\(index.pipeline)",
      flags: record.pipeline.request?.overrides ?? [],
      parameterFiles: index.parameterFiles.map { "\(folder)/\($0)" }, files: index.files.count, results: index.results.count,
      absent: index.absent)
  }

  private func fill(_ folder: String, as target: String, _ isCancelled: () -> Bool) throws {
    func goOn() throws { if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) } }
    let record = try record()
    for (place, digest) in index.files {
      try goOn()
      try Self.check(place)
      let path = "\(folder)/\(place)"
      try AtomicFile.makeDirectory((path as NSString).deletingLastPathComponent)
      try AtomicFile.write(try bytes(BundleIndex.member(file: place), digest), to: path)
    }
    let store = ArtifactStore(root: folder + "/Artifacts")
    for object in index.objects {
      try goOn()
      _ = try store.put(try bytes(BundleIndex.member(object: object), object))
    }
    for result in index.results {
      try goOn()
      let key = ResultKey(semantic: result.semantic, profile: result.profile)
      _ = try store.adopt(try bytes(BundleIndex.member(result: result), result.sha256), as: key)
    }
    try AtomicFile.makeDirectory(folder + "/Artifacts")
    try store.writeRun(id: index.run, relocated(record, to: target).json)
  }

  /// The record, which has to be that of the run the index names.
  private func record() throws -> RunRecord {
    do {
      let record = try RunRecord(json: try JSONValue(parsing: try bytes(BundleIndex.record, nil)))
      guard record.id == index.run else {
        throw PlumbError("the record in the bundle is of another run", kind: .input, expected: index.run.text, found: record.id.text)
      }
      return record
    } catch let error as PlumbError {
      throw error.at("\(path): \(BundleIndex.record)")
    }
  }

  /// The record with the request pointing to where its files lie now.
  private func relocated(_ record: RunRecord, to folder: String) -> RunRecord {
    var record = record
    guard var request = record.pipeline.request else { return record }
    request.file = "\(folder)/\(index.pipeline)"
    request.parameterFiles = index.parameterFiles.map { "\(folder)/\($0)" }
    record.pipeline.request = request
    record.pipeline.path = request.file
    return record
  }

  private func bytes(_ member: String, _ digest: Digest?) throws -> [UInt8] {
    guard let bytes = try zip.read(member) else { throw PlumbError("the bundle lacks a file of its index", at: "\(path): \(member)") }
    if let digest, case let found = Digest(of: bytes), found != digest {
      throw PlumbError("a file of the bundle is damaged", at: "\(path): \(member)", expected: digest.hex, found: found.hex)
    }
    return bytes
  }

  /// An index is as little to be trusted as the names of the zip.
  private static func check(_ place: String) throws {
    let parts = place.split(separator: "/", omittingEmptySubsequences: false)
    guard !place.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !place.utf8.contains(0),
      parts.first != "Artifacts"
    else { throw PlumbError("a path of the bundle leads elsewhere", kind: .input, at: place) }
  }
}
