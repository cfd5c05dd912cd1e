import Basics
import Foundation

/// The file that grows while it is fetched; one process at a time has it.
final class PartialFile {
  let path: String
  private(set) var length: Int
  private let descriptor: Int32

  /// Opens or creates it, and waits while another process has it.
  init(path: String, isCancelled: () -> Bool) throws {
    self.path = path
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw AtomicFile.systemError("cannot create", path) }
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else {
          let failure = AtomicFile.systemError("cannot lock", path)
          close(descriptor)
          throw failure
        }
        if isCancelled() {
          close(descriptor)
          throw PlumbError("interrupted", kind: .interrupted)
        }
        usleep(100_000)
      }
      // Who had the lock may have renamed or removed the file: then this is no longer the one under the name.
      var (mine, named) = (stat(), stat())
      if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino, mine.st_dev == named.st_dev {
        (self.descriptor, length) = (descriptor, Int(mine.st_size))
        return
      }
      close(descriptor)
    }
  }

  deinit { close(descriptor) }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(length))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw AtomicFile.systemError("cannot write", path) }
      done += count
      length += count
    }
  }

  func truncate() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw AtomicFile.systemError("cannot empty", path) }
    length = 0
  }

  func flush() throws {
    guard fsync(descriptor) == 0 else { throw AtomicFile.systemError("cannot flush", path) }
  }

  func remove() { unlink(path) }

  func rename(to final: String) throws {
    guard Foundation.rename(path, final) == 0 else { throw AtomicFile.systemError("cannot rename to", final) }
    AtomicFile.syncDirectory((final as NSString).deletingLastPathComponent)
  }
}
