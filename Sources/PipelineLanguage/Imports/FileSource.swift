import Basics
import Foundation

/// Where imported files come from: the file system, and whoever fetches a file by address.
public struct FileSource: Sendable {
  /// The bytes behind an address whose SHA-256 is known; nil where nothing can be fetched.
  public typealias Fetch = @Sendable (_ url: String, _ sha256: Digest) throws -> [UInt8]

  let fetch: Fetch?

  public init(fetch: Fetch? = nil) { self.fetch = fetch }

  /// The path without links, dots and doubled slashes; what is not there stays as it is.
  public static func canonical(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// The names in a folder, for suggestions.
  static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
