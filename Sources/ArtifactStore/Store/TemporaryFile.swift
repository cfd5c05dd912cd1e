import Basics

/// A file under `tmp/` on its way to a name: written, flushed, then renamed or linked. One that gets no name is removed
/// when it is let go of; one whose process died is swept by a later process.
final class TemporaryFile {
  let path: String
  private let calls: any FileCalls
  private var descriptor: Int32?
  private var isThere = true

  /// `mode`: the permissions of the finished file; a file without write permission can still be written by who made it.
  init(_ path: String, mode: UInt32, calls: any FileCalls) throws {
    self.path = path
    self.calls = calls
    descriptor = try calls.create(path, mode: mode).orThrow("cannot create a file in the store", path)
  }

  deinit {
    if let descriptor { calls.close(descriptor) }
    if isThere { _ = calls.unlink(path) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard let descriptor else { throw PlumbError("written after its end", at: path) }
    var rest = bytes
    while !rest.isEmpty {
      let count = try calls.write(rest, to: descriptor).orThrow("cannot write to the store", path)
      guard count > 0 else { throw PlumbError("cannot write to the store: the system took no bytes", at: path) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Makes the content durable and ends writing.
  func flush() throws {
    guard let descriptor else { return }
    try calls.sync(descriptor).orThrow("cannot flush to the store", path)
    calls.close(descriptor)
    self.descriptor = nil
  }

  /// Gives the flushed file its name, in place of what had it.
  func rename(to name: String) throws { try renameIfPossible(to: name).orThrow("cannot rename in the store", name) }

  func renameIfPossible(to name: String) -> Result<Void, SystemCode> {
    let renamed = calls.rename(path, to: name)
    if case .success = renamed { isThere = false }
    return renamed
  }

  /// Gives the flushed file its name if the name is free.
  func link(to name: String) -> Result<Void, SystemCode> { calls.link(path, to: name) }
}
