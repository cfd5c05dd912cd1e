import Foundation

/// The digests of big files outside of any store, by what stat(2) tells of them, so that planning need not read gigabytes each
/// time. It decides nothing: a run hashes what it reads and compares.
///
/// One small file for each path, in the user's own folder of caches; it may be removed at any time. What cannot be read or
/// written, or does not carry the digest of its own text, counts as not there.
package struct DigestCache: Sendable {
  private let folder: String?

  /// Shorter files are hashed sooner than looked up.
  package static let smallest = 1 << 20
  /// A file that changed this shortly before it was hashed (ns) may change again within one tick of its clock, and its stamp
  /// would not tell: git's rule for its index. Two seconds cover the file systems with the coarsest clocks.
  package static let settling = 2_000_000_000

  /// - Parameter folder: made at the first entry; nil remembers nothing.
  package init(folder: String?) { self.folder = folder }

  /// The one of the user: `plumb/digests` in XDG_CACHE_HOME, or in `.cache` of the home folder.
  package static let user = DigestCache(folder: userFolder(ProcessInfo.processInfo.environment))

  package static func userFolder(_ environment: [String: String]) -> String? {
    // An empty or relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification 0.8).
    if let named = environment["XDG_CACHE_HOME"], named.hasPrefix("/") { return named + "/plumb/digests" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.cache/plumb/digests"
  }

  /// The digest of a file that has this stamp; nil when it is not known.
  package func digest(of path: String, _ stamp: FileStamp) -> Digest? {
    guard let entry = entryPath(path), let bytes = try? AtomicFile.read(entry, limit: 1 << 12) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count == 3, lines[0] == Self.text(path, stamp), let digest = Digest(hex: lines[1]),
      lines[2] == Digest(of: lines[0] + lines[1]).hex
    else { return nil }
    return digest
  }

  /// Remembers the digest of a file that had this stamp before and after it was hashed.
  /// - Parameter begun: when hashing began, as `FileStamp.now` told.
  package func keep(_ digest: Digest, of path: String, _ stamp: FileStamp, hashedFrom begun: Int) {
    guard max(stamp.modified, stamp.changed) < begun - Self.settling, let folder, let entry = entryPath(path) else { return }
    let text = Self.text(path, stamp)
    try? AtomicFile.makeDirectory(folder)
    try? AtomicFile.write(Array("\(text)\n\(digest.hex)\n\(Digest(of: text + digest.hex).hex)".utf8), to: entry)
  }

  /// Forgets what is known of a path: it turned out to be something else.
  package func forget(_ path: String) {
    if let entry = entryPath(path) { _ = Files.calls.unlink(entry) }
  }

  private func entryPath(_ path: String) -> String? {
    folder.map { "\($0)/\(Digest(of: Self.absolute(path)).hex)" }
  }

  private static func text(_ path: String, _ stamp: FileStamp) -> String {
    "plumb-digest 1 \(stamp.size) \(stamp.modified) \(stamp.changed) \(stamp.inode) \(stamp.device) \(Digest(of: absolute(path)).hex)"
  }

  private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
