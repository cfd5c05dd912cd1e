import Glibc

/// What stat(2) tells of a file: equal stamps, some time after the last change, mean that nobody wrote to it.
package struct FileStamp: Sendable, Hashable {
  package let size: Int
  /// Nanoseconds since 1970 of the last change of the content, and of content or inode.
  package let modified: Int
  package let changed: Int
  package let inode: UInt64
  package let device: UInt64

  init(size: Int, modified: timespec, changed: timespec, inode: UInt64, device: UInt64) {
    (self.size, self.inode, self.device) = (size, inode, device)
    (self.modified, self.changed) = (Self.nanoseconds(modified), Self.nanoseconds(changed))
  }

  package static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return nanoseconds(time)
  }

  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int(time.tv_nsec)
  }
}
