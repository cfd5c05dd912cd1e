public import Basics
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

  /// The relative path that was probably meant: every part of it the nearest name in its folder; else, where a slash is what was
  /// missed, the nearest file one folder down.
  static func nearest(to path: String, in directory: String) -> String? {
    var found: [String] = []
    for part in path.split(separator: "/").map(String.init) {
      let names = names(in: PathText.absolute(found.joined(separator: "/"), in: directory))
      if [".", ".."].contains(part) || names.contains(part) {
        found.append(part)
      } else if let near = NearestName.of(part, among: names) {
        found.append(near)
      } else {
        let below = self.names(in: directory).prefix(100).flatMap { folder in
          self.names(in: PathText.absolute(folder, in: directory)).prefix(100).map { "\(folder)/\($0)" }
        }
        return NearestName.of(path, among: below)
      }
    }
    let nearest = found.joined(separator: "/")
    return nearest == path ? nil : nearest
  }
}
