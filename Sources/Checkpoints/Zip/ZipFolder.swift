import Basics

/// A zip of whole files, as bundles are kept: stored, not deflated, so that reading one takes no more memory than its size.
public struct ZipFolder: Sendable {
  private let archive: ZipArchive

  /// Opens a zip. Throws when it is damaged, or a name leaves the archive.
  public init(path: String) throws {
    do {
      archive = try ZipArchive(file: RandomAccessFile(path: path))
    } catch let error as PlumbError {
      throw error.at(path)
    }
  }

  /// The names of its files, in the order they were written.
  public var names: [String] { archive.entries.map(\.name) }

  /// The bytes of a file, nil when it is not there. Throws when they are compressed or damaged.
  public func read(_ name: String) throws -> [UInt8]? {
    guard let entry = archive[name] else { return nil }
    guard entry.method == .stored else { throw PlumbError("a file of a bundle is compressed", at: name, expected: "stored bytes") }
    let bytes = try archive.readWhole(entry, limit: archive.file.size)
    guard CRC32.checksum(bytes) == entry.crc else { throw PlumbError("a file of a bundle is damaged", at: name) }
    return bytes
  }

  /// A file to be written into a zip: its path there, its length, and how its bytes are come by when it is its turn.
  public struct Member {
    let name: String
    let length: Int
    let read: () throws -> [UInt8]

    public init(_ name: String, length: Int, read: @escaping () throws -> [UInt8]) {
      (self.name, self.length, self.read) = (name, length, read)
    }

    public init(_ name: String, _ bytes: [UInt8]) { self.init(name, length: bytes.count) { bytes } }
  }

  /// Writes a zip that appears under its name when it is whole. Throws what a member throws; an error of kind `interrupted`
  /// once `isCancelled` says so.
  public static func write(_ path: String, _ members: [Member], isCancelled: @escaping () -> Bool = { false }) throws {
    try FolderZipWriter(path, members, isCancelled: isCancelled).write()
  }
}
