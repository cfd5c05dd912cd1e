import Foundation

/// The reason a system call gave for failing: `errno`, with names for the ones the store decides on. Open, so that an
/// unknown code survives.
package struct SystemCode: Error, Hashable, Sendable {
  package let rawValue: Int32

  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  package static let exists = SystemCode(EEXIST)
  package static let missing = SystemCode(ENOENT)
  package static let noSpace = SystemCode(ENOSPC)
  package static let inputOutput = SystemCode(EIO)
  package static let denied = SystemCode(EACCES)
  package static let readOnly = SystemCode(EROFS)
  package static let notFolder = SystemCode(ENOTDIR)

  /// The file system has no hard links.
  var meansNoHardLinks: Bool { [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EMLINK].contains(rawValue) }

  /// The file system does not do this at all.
  var meansNotOffered: Bool { [EINVAL, ENOTSUP, EOPNOTSUPP, ENOSYS, EROFS].contains(rawValue) }

  /// For people: the system's words, and what can be done where something can.
  package var explanation: String {
    switch rawValue {
    case ENOSPC: "no space is left on the device; what was finished before is kept"
    case EDQUOT: "the disk quota is used up; what was finished before is kept"
    case EROFS: "the file system is read-only; another store can be named with --store or PLUMB_STORE"
    case EACCES, EPERM: "permission denied; another store can be named with --store or PLUMB_STORE"
    default: String(cString: strerror(rawValue))
    }
  }
}
