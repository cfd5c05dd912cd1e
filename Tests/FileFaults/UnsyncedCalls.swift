import Basics

/// The operating system's calls without waiting for the disk: for tests that write a lot and do not cut the power.
package struct UnsyncedCalls: FileCalls {
  private let system = SystemCalls()

  package init() {}

  package func create(_ path: String, mode: UInt32) -> Outcome<Int32> { system.create(path, mode: mode) }
  package func open(_ path: String) -> Outcome<Int32> { system.open(path) }
  package func openForUpdate(_ path: String, mode: UInt32) -> Outcome<Int32> { system.openForUpdate(path, mode: mode) }
  package func openFolder(_ path: String) -> Outcome<Int32> { system.openFolder(path) }
  package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int?) -> Outcome<Int> {
    system.write(bytes, to: file, at: offset)
  }
  package func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
    system.read(file, at: offset, into: buffer)
  }
  package func resize(_ file: Int32, to length: Int) -> Outcome<Void> { system.resize(file, to: length) }
  package func sync(_ file: Int32) -> Outcome<Void> { .success(()) }
  package func lock(_ file: Int32) -> Outcome<Void> { system.lock(file) }
  package func close(_ file: Int32) { system.close(file) }
  package func status(_ path: String, followsLink: Bool) -> Outcome<FileStatus> { system.status(path, followsLink: followsLink) }
  package func status(of file: Int32) -> Outcome<FileStatus> { system.status(of: file) }
  package func setMode(_ path: String, to mode: UInt32) -> Outcome<Void> { system.setMode(path, to: mode) }
  package func rename(_ path: String, to new: String) -> Outcome<Void> { system.rename(path, to: new) }
  package func link(_ path: String, to new: String) -> Outcome<Void> { system.link(path, to: new) }
  package func unlink(_ path: String) -> Outcome<Void> { system.unlink(path) }
  package func makeFolder(_ path: String) -> Outcome<Void> { system.makeFolder(path) }
  package func removeFolder(_ path: String) -> Outcome<Void> { system.removeFolder(path) }
  package func list(_ folder: String) -> Outcome<[String]> { system.list(folder) }
}
