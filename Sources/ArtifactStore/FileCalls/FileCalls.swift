import Basics

/// The system calls the store makes, one method each, so that a full disk, a read-only store and a process that stops
/// between two calls can be tested. Calls interrupted by a signal are made again by the implementation.
package protocol FileCalls: Sendable {
  typealias Outcome<Value> = Result<Value, SystemCode>

  /// Creates a file that must not exist, for writing. `mode`: its permissions before the umask.
  func create(_ path: String, mode: UInt32) -> Outcome<Int32>
  func open(_ path: String) -> Outcome<Int32>
  func openFolder(_ path: String) -> Outcome<Int32>
  /// Writes at the end; may write less than given. The count of bytes written.
  func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Outcome<Int>
  /// Reads at `offset`; may read less than asked for, 0 at the end.
  func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int>
  func sync(_ file: Int32) -> Outcome<Void>
  func close(_ file: Int32)
  func status(_ path: String) -> Outcome<FileStatus>
  func status(of file: Int32) -> Outcome<FileStatus>
  /// rename(2): replaces what has the new name.
  func rename(_ path: String, to new: String) -> Outcome<Void>
  /// link(2): fails with `exists` when the new name is taken.
  func link(_ path: String, to new: String) -> Outcome<Void>
  func unlink(_ path: String) -> Outcome<Void>
  func makeFolder(_ path: String) -> Outcome<Void>
  /// The names in a folder, in no order.
  func list(_ folder: String) -> Outcome<[String]>
}

/// What stat(2) tells that the store asks for.
package struct FileStatus: Sendable {
  package let length: Int
  /// Seconds since 1970.
  package let modified: Int
  package let isFile: Bool

  package init(length: Int, modified: Int, isFile: Bool) {
    self.length = length
    self.modified = modified
    self.isFile = isFile
  }
}

extension Result where Failure == SystemCode {
  /// The value, or an error for people: `action` reads on as "cannot create the object: no space is left on the device".
  func orThrow(_ action: String, _ path: String) throws -> Success {
    switch self {
    case .success(let value): value
    case .failure(let code): throw PlumbError("\(action): \(code.explanation)", at: path)
    }
  }
}
