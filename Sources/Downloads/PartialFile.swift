import Basics
import Foundation

/// The file that grows while it is fetched; one process at a time has it.
final class PartialFile {
  let path: String
  private(set) var length: Int
  private let descriptor: Int32
  private let calls: any FileCalls

  /// Opens or creates it, and waits while another process has it.
  init(path: String, isCancelled: () -> Bool) throws {
    self.path = path
    calls = Files.calls
    while true {
      let descriptor = try calls.openForUpdate(path, mode: 0o644).orFail("cannot create the file", path)
      do {
        while case .failure(let code) = calls.lock(descriptor) {
          guard code == .isTaken else { throw PlumbError("cannot lock the file: \(code.explanation)", at: path) }
          if isCancelled() { throw PlumbError("interrupted", kind: .interrupted) }
          usleep(100_000)
        }
        let mine = try calls.status(of: descriptor).orFail("cannot look at the file", path)
        // Who had the lock may have renamed or removed the file: then this is no longer the one under the name.
        if case .success(let named) = calls.status(path), named.isSameFile(as: mine) {
          (self.descriptor, length) = (descriptor, mine.length)
          return
        }
        calls.close(descriptor)
      } catch {
        calls.close(descriptor)
        throw error
      }
    }
  }

  deinit { calls.close(descriptor) }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    try calls.writeAll(UnsafeRawBufferPointer(bytes), to: descriptor, at: length, path, wrote: { length += $0 })
  }

  func truncate() throws {
    try calls.resize(descriptor, to: 0).orFail("cannot empty the file", path)
    length = 0
  }

  func flush() throws { try calls.sync(descriptor).orFail("cannot flush the file", path) }

  func remove() { _ = calls.unlink(path) }

  func rename(to final: String) throws {
    try calls.rename(path, to: final).orFail("cannot give the file its name", final)
    try calls.syncFolder(FolderTree.parent(of: final))
  }
}
