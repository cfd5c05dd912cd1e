import Basics
import Foundation
import Testing

@Suite struct DigestCacheTests {
  private let folder: String
  private let cache: DigestCache
  private let path: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/plumb-digests-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    cache = DigestCache(folder: folder + "/cache/digests")
    path = folder + "/big"
    try write([UInt8](repeating: 7, count: DigestCache.smallest), changedBefore: 60)
  }

  /// A file whose content and inode changed so many seconds ago, as far as it can be told: the time of the last
  /// change of an inode cannot be set.
  private func write(_ bytes: [UInt8], changedBefore seconds: Double) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path)
  }

  private var stamp: FileStamp { get throws { try RandomAccessFile(path: path).stamp } }
  private let other = Digest(of: "what only the cache says")

  @Test func `an entry answers for a file with its stamp and for no other`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try cache.keep(other, of: path, stamp, hashedFrom: FileStamp.now + 10_000_000_000)
    #expect(try RandomAccessFile(path: path).contentDigest(cache) == other)
    #expect(try cache.digest(of: path + "2", stamp) == nil, "another path")
    let bytes = [UInt8](repeating: 8, count: DigestCache.smallest)
    try write(bytes, changedBefore: 60)
    #expect(try RandomAccessFile(path: path).contentDigest(cache) == Digest(of: bytes), "written again")
    cache.forget(path)
    #expect(try cache.digest(of: path, stamp) == nil)
  }

  @Test func `a file that changed just before it was hashed is not remembered`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let digest = try RandomAccessFile(path: path).contentDigest(cache)
    #expect(digest == Digest(of: [UInt8](repeating: 7, count: DigestCache.smallest)))
    #expect(try cache.digest(of: path, stamp) == nil)
    #expect(!FileManager.default.fileExists(atPath: folder + "/cache"))
  }

  @Test func `an entry that was damaged or cannot be read counts as not there`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try cache.keep(other, of: path, stamp, hashedFrom: FileStamp.now + 10_000_000_000)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/cache/digests").first)
    let entry = folder + "/cache/digests/" + name
    let bytes = try AtomicFile.read(entry)
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var damaged = bytes
      damaged[index] ^= 1
      try AtomicFile.write(damaged, to: entry)
      #expect(try cache.digest(of: path, stamp) == nil, "byte \(index)")
    }
    try FileManager.default.removeItem(atPath: entry)
    try AtomicFile.makeDirectory(entry)
    #expect(try cache.digest(of: path, stamp) == nil)
    try cache.keep(other, of: path, stamp, hashedFrom: FileStamp.now + 10_000_000_000)
  }

  @Test func `the folder is the user's own, where the standard puts caches`() {
    #expect(DigestCache.userFolder(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/plumb/digests")
    #expect(DigestCache.userFolder(["XDG_CACHE_HOME": "", "HOME": "/h"]) == "/h/.cache/plumb/digests")
    #expect(DigestCache.userFolder(["XDG_CACHE_HOME": "relative", "HOME": "/h"]) == "/h/.cache/plumb/digests")
    #expect(DigestCache.userFolder([:]) == nil)
  }
}
