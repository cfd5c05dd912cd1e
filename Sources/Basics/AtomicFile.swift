import Foundation

/// Files that appear whole or not at all: written beside their place, flushed, then renamed.
public enum AtomicFile {
  /// Writes `data` to `path` through a temporary file in the same directory; fsync of file and directory.
  public static func write(_ data: some DataProtocol, to path: String) throws {
    let directory = (path as NSString).deletingLastPathComponent
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw systemError("cannot create", temporary) }
    do {
      try writeAll(data, to: file, path: temporary)
      guard fsync(file) == 0 else { throw systemError("cannot flush", temporary) }
      close(file)
    } catch {
      close(file)
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let failure = systemError("cannot rename to", path)
      unlink(temporary)
      throw failure
    }
    syncDirectory(directory.isEmpty ? "." : directory)
  }

  /// Writes every byte of `data` to an open descriptor.
  public static func writeAll(_ data: some DataProtocol, to file: Int32, path: String) throws {
    for region in data.regions {
      try region.withUnsafeBytes { raw in
        var done = 0
        while done < raw.count {
          let count = Foundation.write(file, raw.baseAddress.map { $0 + done }, raw.count - done)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { throw systemError("cannot write", path) }
          done += count
        }
      }
    }
  }

  /// Makes a rename in `directory` durable. A file system without directory fsync is not an error.
  public static func syncDirectory(_ directory: String) {
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Creates `directory` and its parents.
  public static func makeDirectory(_ directory: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw PlumbError("cannot create the directory", at: directory, found: error.localizedDescription)
    }
  }

  /// The whole file; throws when it is absent or larger than `limit` bytes.
  public static func read(_ path: String, limit: Int = .max) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw systemError("cannot open", path) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw systemError("cannot stat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw PlumbError("not a regular file", at: path) }
    let size = Int(status.st_size)
    guard size <= limit else { throw PlumbError("file is too large", at: path, expected: "at most \(limit) bytes", found: "\(size)") }
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let count = pread(file, buffer.baseAddress.map { $0 + filled }, size - filled, off_t(filled))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw systemError("cannot read", path) }
        filled += count
      }
    }
  }

  /// The digest and length of a file, read in pieces of 1 MiB.
  public static func digest(_ path: String) throws -> (digest: Digest, length: Int) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw systemError("cannot open", path) }
    defer { close(file) }
    var digester = Digester()
    var length = 0
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = Foundation.read(file, piece.baseAddress, piece.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw systemError("cannot read", path) }
      if count == 0 { break }
      digester.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      length += count
    }
    return (digester.finish(), length)
  }

  /// An error that carries `errno`'s text.
  public static func systemError(_ action: String, _ path: String) -> PlumbError {
    let reason = String(cString: strerror(errno))
    return PlumbError("\(action) the file: \(reason)", at: path)
  }
}
