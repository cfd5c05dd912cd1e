package import Foundation

/// A file on its way to a name: written under another in the same file system, flushed, then renamed or linked. One that gets
/// no name is removed when it is let go of. For one thread at a time.
package final class NewFile {
  package let path: String
  private let calls: any FileCalls
  private let words: (SystemCode) -> String
  private var descriptor: Int32?
  /// What was there before, and kept this from being made, is not removed.
  private var isThere = false

  /// Creates it.
  /// - Parameters:
  ///   - mode: the permissions of the finished file; a file without write permission can still be written by who made it.
  ///   - words: what people are told of a reason.
  package init(
    _ path: String, mode: UInt32 = 0o644, calls: any FileCalls = Files.calls, words: @escaping (SystemCode) -> String = \.explanation
  ) throws {
    (self.path, self.calls, self.words) = (path, calls, words)
    descriptor = try calls.create(path, mode: mode).orFail("cannot create the file", path, words: words)
    isThere = true
  }

  /// Creates it beside the place it is to have.
  package convenience init(for place: String) throws {
    try self.init("\(place).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp")
  }

  deinit {
    if let descriptor { calls.close(descriptor) }
    if isThere { _ = calls.unlink(path) }
  }

  package func write(_ bytes: some DataProtocol) throws {
    for region in bytes.regions { try region.withUnsafeBytes { try write($0, at: nil) } }
  }

  /// Writes all bytes, at an offset or behind what was written before.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int? = nil) throws {
    guard let descriptor else { throw PlumbError("written after its end", at: path) }
    try calls.writeAll(bytes, to: descriptor, at: offset, path, words: words)
  }

  /// Makes the content durable and ends writing.
  package func flush() throws {
    guard let descriptor else { return }
    try calls.sync(descriptor).orFail("cannot flush the file", path, words: words)
    calls.close(descriptor)
    self.descriptor = nil
  }

  /// Ends writing and leaves the file under the name it was made with.
  package func keep() {
    if let descriptor { calls.close(descriptor) }
    descriptor = nil
    isThere = false
  }

  /// Flushes it and gives it its name for good, in place of what had it; what need not outlive the power is not flushed.
  package func finish(as place: String, isDurable: Bool = true) throws {
    if isDurable { try flush() }
    try rename(to: place)
    if isDurable { try calls.syncFolder(FolderTree.parent(of: place), words: words) }
  }

  /// Gives the flushed file its name, in place of what had it.
  package func rename(to name: String) throws { try renameIfPossible(to: name).orFail("cannot give a file its name", name, words: words) }

  package func renameIfPossible(to name: String) -> Result<Void, SystemCode> {
    let renamed = calls.rename(path, to: name)
    if case .success = renamed { isThere = false }
    return renamed
  }

  /// Gives the flushed file its name if the name is free.
  package func link(to name: String) -> Result<Void, SystemCode> { calls.link(path, to: name) }
}
