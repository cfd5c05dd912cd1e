public import Basics
import Foundation

/// A file named by its address and its SHA-256, kept in a folder under the digest.
///
///     let path = try Download(url: "https://…/ema.pt", sha256: digest, folder: store.downloads).fetch()
///
/// What is received stands in `<digest>.part`, from which a later call goes on; the file gets its name after its content
/// was verified. Any number of processes may share a folder.
public struct Download: Sendable, Hashable {
  /// How far a fetch has come, in bytes; `total` is nil while the server has not told.
  public struct Progress: Sendable, Hashable {
    public let received: Int
    public let total: Int?
  }

  public let url: String
  public let sha256: Digest
  public let folder: String

  /// Throws when the address is not one of http, https or file.
  public init(url: String, sha256: Digest, folder: String) throws {
    try Self.check(url)
    (self.url, self.sha256, self.folder) = (url, sha256, folder)
  }

  /// Throws unless `url` is an address that can be fetched.
  public static func check(_ url: String) throws {
    let schemes = ["http://", "https://", "file:///"]
    guard schemes.contains(where: { url.lowercased().hasPrefix($0) && url.count > $0.count }),
      url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
    else { throw PlumbError("not an address of a file", kind: .input, expected: "http://…, https://… or file:///…", found: url) }
  }

  /// Where the file is once it was fetched.
  public var path: String { "\(folder)/\(sha256.hex)" }

  /// Whether it was fetched already.
  public var isPresent: Bool { FileManager.default.fileExists(atPath: path) }

  /// How a fetch behaves when a connection is slow or breaks.
  public struct Patience: Sendable {
    /// Seconds until a connection must stand.
    public var connectTimeout = 30
    /// A transfer below this many bytes a second, for `slowTime` seconds, is given up.
    public var slowSpeed = 1024
    public var slowTime = 60
    /// How often a broken transfer is taken up again in one call, as long as each brings something.
    public var resumptions = 5

    public init() {}
  }

  /// Fetches the file unless it is there.
  ///
  /// - Parameters:
  ///   - progress: called as bytes arrive, and about once a second.
  ///   - isCancelled: asked as often; true ends the fetch with an error of kind `interrupted`, what came is kept.
  /// - Returns: `path`.
  /// - Throws: when the server refuses, the connection breaks, or the content is not what the digest says; then nothing
  ///   of it is kept.
  @discardableResult
  public func fetch(
    patience: Patience = Patience(), progress: (Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) throws -> String {
    if isPresent { return path }
    try AtomicFile.makeDirectory(folder)
    let part = try PartialFile(path: path + ".part", isCancelled: isCancelled)
    // Another process may have finished it while this one waited.
    if isPresent { return path }
    do {
      try receive(into: part, patience: patience, progress: progress, isCancelled: isCancelled)
    } catch let error as PlumbError {
      throw error.at(url)
    }
    try part.flush()
    let found = try AtomicFile.digest(part.path).digest
    guard found == sha256 else {
      part.remove()
      throw PlumbError("the file does not have the expected content", at: url, expected: "sha256 \(sha256.hex)", found: found.hex)
    }
    try part.rename(to: path)
    return path
  }

  private func receive(
    into part: PartialFile, patience: Patience, progress: (Progress) -> Void, isCancelled: () -> Bool
  ) throws {
    var left = patience.resumptions
    while true {
      let start = part.length
      do {
        return try withoutActuallyEscaping(progress) { progress in
          try withoutActuallyEscaping(isCancelled) { isCancelled in
            try Transfer(part: part, progress: progress, isCancelled: isCancelled).run(url, patience: patience)
          }
        }
      } catch Transfer.Failure.unsatisfiableRange {
        // What is there is as long as the file or longer, and not verified: if it is not the file, begin again.
        guard start > 0, try AtomicFile.digest(part.path).digest != sha256 else { return }
        try part.truncate()
      } catch Transfer.Failure.broken(let reason) {
        guard left > 0, part.length > start else {
          throw PlumbError("the download broke off: \(reason)", found: "\(part.length) bytes, from which the next attempt goes on")
        }
      }
      left -= 1
      guard left >= 0 else { throw PlumbError("the download does not come to an end") }
    }
  }
}
