import ArtifactStore

/// The operating system's calls without waiting for the disk: for tests that write a lot and do not cut the power.
struct UnsyncedCalls: FileCalls {
  private let system = PosixCalls()

  func create(_ path: String, mode: UInt32) -> Outcome<Int32> { system.create(path, mode: mode) }
  func open(_ path: String) -> Outcome<Int32> { system.open(path) }
  func openFolder(_ path: String) -> Outcome<Int32> { system.openFolder(path) }
  func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Outcome<Int> { system.write(bytes, to: file) }
  func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
    system.read(file, at: offset, into: buffer)
  }
  func sync(_ file: Int32) -> Outcome<Void> { .success(()) }
  func close(_ file: Int32) { system.close(file) }
  func status(_ path: String) -> Outcome<FileStatus> { system.status(path) }
  func status(of file: Int32) -> Outcome<FileStatus> { system.status(of: file) }
  func rename(_ path: String, to new: String) -> Outcome<Void> { system.rename(path, to: new) }
  func link(_ path: String, to new: String) -> Outcome<Void> { system.link(path, to: new) }
  func unlink(_ path: String) -> Outcome<Void> { system.unlink(path) }
  func makeFolder(_ path: String) -> Outcome<Void> { system.makeFolder(path) }
  func list(_ folder: String) -> Outcome<[String]> { system.list(folder) }
}
