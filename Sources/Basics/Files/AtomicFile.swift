public import Foundation

/// Files that appear whole or not at all: written beside their place, flushed, then renamed.
public enum AtomicFile {
  /// Writes `data` to `path` through a temporary file in the same directory; fsync of file and directory.
  public static func write(_ data: some DataProtocol, to path: String) throws {
    let file = try NewFile(for: path)
    try file.write(data)
    try file.finish(as: path)
  }

  /// Creates `directory` and its parents.
  public static func makeDirectory(_ directory: String) throws { try Files.calls.makeFolders(directory) }

  /// The whole file; throws when it is absent, larger than `limit` bytes, or shorter than it was when it was opened.
  public static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
    try opened(path) { calls, file, status in
      guard status.length <= limit else {
        throw PlumbError("file is too large", at: path, expected: "at most \(limit) bytes", found: "\(status.length)")
      }
      return try calls.read(file, at: 0, count: status.length, path) {
        PlumbError("the file became shorter while it was read", at: path, expected: "\(status.length) bytes", found: "\($0)")
      }
    }
  }

  /// The digest and length of a file, read in pieces of 1 MiB.
  public static func digest(_ path: String) throws -> (digest: Digest, length: Int) {
    var digester = Digester()
    let length = try opened(path) { calls, file, _ in try calls.forEachPiece(of: file, path) { digester.update($0) } }
    return (digester.finish(), length)
  }

  private static func opened<Value>(_ path: String, _ body: (any FileCalls, Int32, FileStatus) throws -> Value) throws -> Value {
    let calls = Files.calls
    let file = try calls.open(path).orFail("cannot open the file", path)
    defer { calls.close(file) }
    let status = try calls.status(of: file).orFail("cannot look at the file", path)
    guard status.isFile else { throw PlumbError("not a regular file", at: path) }
    return try body(calls, file, status)
  }
}
