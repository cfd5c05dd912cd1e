import Glibc

/// The reason a system call gave for failing: `errno`, with names for the ones that are decided on. Open, so that an unknown
/// code survives.
package struct SystemCode: Error, Hashable, Sendable {
  package let rawValue: Int32

  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  package static let exists = SystemCode(EEXIST)
  package static let missing = SystemCode(ENOENT)
  package static let inputOutput = SystemCode(EIO)
  package static let denied = SystemCode(EACCES)
  package static let readOnly = SystemCode(EROFS)
  package static let notFolder = SystemCode(ENOTDIR)
  package static let isFolder = SystemCode(EISDIR)
  package static let isTaken = SystemCode(EWOULDBLOCK)
  package static let invalid = SystemCode(EINVAL)

  /// The file system has no hard links.
  package var meansNoHardLinks: Bool { [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(rawValue) }

  /// The file system does not do this at all.
  package var meansNotOffered: Bool { [EINVAL, ENOTSUP, EOPNOTSUPP, ENOSYS, EROFS].contains(rawValue) }

  package var meansNoRoom: Bool { [ENOSPC, EDQUOT].contains(rawValue) }

  /// Another place is what helps.
  package var meansNotWritable: Bool { [EROFS, EACCES, EPERM].contains(rawValue) }

  /// For people: the system's words.
  package var explanation: String {
    switch rawValue {
    case ENOSPC: "no space is left on the device"
    case EDQUOT: "the disk quota is used up"
    case EROFS: "the file system is read-only"
    case EACCES, EPERM: "permission denied"
    default: String(cString: strerror(rawValue))
    }
  }
}
