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
      return try [UInt8](unsafeUninitializedCapacity: status.length) { buffer, filled in
        while filled < status.length {
          let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
          let count = try calls.read(file, at: filled, into: rest).orFail("cannot read the file", path)
          guard count > 0 else {
            throw PlumbError("the file became shorter while it was read", at: path, expected: "\(status.length) bytes", found: "\(filled)")
          }
          filled += count
        }
      }
    }
  }

  /// The digest and length of a file, read in pieces of 1 MiB.
  public static func digest(_ path: String) throws -> (digest: Digest, length: Int) {
    var digester = Digester()
    let length = try pieces(of: path) { digester.update($0) }
    return (digester.finish(), length)
  }

  /// Hands over a file in pieces of 1 MiB; its length.
  @discardableResult
  private static func pieces(of path: String, _ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
    try opened(path) { calls, file, _ in
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
      defer { piece.deallocate() }
      var length = 0
      while true {
        let count = try calls.read(file, at: length, into: piece).orFail("cannot read the file", path)
        if count == 0 { return length }
        try take(UnsafeRawBufferPointer(rebasing: piece[..<count]))
        length += count
      }
    }
  }

  private static func opened<Value>(_ path: String, _ body: (any FileCalls, Int32, FileStatus) throws -> Value) throws -> Value {
    let calls = Files.calls
    let file = try calls.open(path).orFail("cannot open the file", path)
    defer { calls.close(file) }
    let status = try calls.status(of: file).orFail("cannot look at the file", path)
    guard status.isFile else { throw PlumbError("not a regular file", at: path) }
    return try body(calls, file, status)
  }

  /// An error that carries `errno`'s text.
  public static func systemError(_ action: String, _ path: String) -> PlumbError {
    let reason = String(cString: strerror(errno))
    return PlumbError("\(action) the file: \(reason)", at: path)
  }
}
