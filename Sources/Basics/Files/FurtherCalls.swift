import Glibc

/// System calls that swift-system (1.8) does not have: names and folders, flushing, locking.
enum FurtherCalls {
  typealias Outcome<Value> = Result<Value, SystemCode>

  static func sync(_ file: Int32) -> Outcome<Void> { done { Glibc.fsync(file) } }
  static func lock(_ file: Int32) -> Outcome<Void> { done { flock(file, LOCK_EX | LOCK_NB) } }
  static func setMode(_ path: String, _ mode: UInt32) -> Outcome<Void> { named(path) { Glibc.chmod(path, mode) } }
  static func rename(_ path: String, _ new: String) -> Outcome<Void> { named(path, new) { Glibc.rename(path, new) } }
  static func link(_ path: String, _ new: String) -> Outcome<Void> { named(path, new) { Glibc.link(path, new) } }
  static func unlink(_ path: String) -> Outcome<Void> { named(path) { Glibc.unlink(path) } }
  static func makeFolder(_ path: String) -> Outcome<Void> { named(path) { Glibc.mkdir(path, 0o777) } }
  static func removeFolder(_ path: String) -> Outcome<Void> { named(path) { Glibc.rmdir(path) } }

  static func list(_ folder: String) -> Outcome<[String]> {
    guard !folder.utf8.contains(0) else { return .failure(.invalid) }
    guard let stream = opendir(folder) else { return .failure(SystemCode(errno)) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      // The end of the folder and an error look alike but for this.
      errno = 0
      guard let entry = readdir(stream) else { return errno == 0 ? .success(names) : .failure(SystemCode(errno)) }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  private static func named(_ paths: String..., call: () -> Int32) -> Outcome<Void> {
    paths.contains { $0.utf8.contains(0) } ? .failure(.invalid) : done(call)
  }

  /// errno is read before anything else can change it.
  private static func done(_ call: () -> Int32) -> Outcome<Void> {
    while call() != 0 {
      let code = errno
      if code != EINTR { return .failure(SystemCode(code)) }
    }
    return .success(())
  }
}
