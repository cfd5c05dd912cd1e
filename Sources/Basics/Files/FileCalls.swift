/// The system calls by which every file of the program is written, one method each, so that a full disk, a read-only folder
/// and a process that stops between two calls can be tested. Calls interrupted by a signal are made again by the
/// implementation.
package protocol FileCalls: Sendable {
  typealias Outcome<Value> = Result<Value, SystemCode>

  /// Creates a file that must not exist, for writing. `mode`: its permissions before the umask.
  func create(_ path: String, mode: UInt32) -> Outcome<Int32>
  /// Opens for reading.
  func open(_ path: String) -> Outcome<Int32>
  /// Opens for reading and writing, and creates what is not there.
  func openForUpdate(_ path: String, mode: UInt32) -> Outcome<Int32>
  func openFolder(_ path: String) -> Outcome<Int32>
  /// Writes at `offset`, or where the last write ended; may write less than given. The count of bytes written.
  func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int?) -> Outcome<Int>
  /// Reads at `offset`; may read less than asked for, 0 at the end.
  func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int>
  func resize(_ file: Int32, to length: Int) -> Outcome<Void>
  func sync(_ file: Int32) -> Outcome<Void>
  /// Takes the file for this descriptor alone until that is closed; fails with `isTaken` while another has it.
  func lock(_ file: Int32) -> Outcome<Void>
  func close(_ file: Int32)
  /// Of what a path leads to, or of the last link itself.
  func status(_ path: String, followsLink: Bool) -> Outcome<FileStatus>
  func status(of file: Int32) -> Outcome<FileStatus>
  func setMode(_ path: String, to mode: UInt32) -> Outcome<Void>
  /// rename(2): replaces what has the new name.
  func rename(_ path: String, to new: String) -> Outcome<Void>
  /// link(2): fails with `exists` when the new name is taken.
  func link(_ path: String, to new: String) -> Outcome<Void>
  func unlink(_ path: String) -> Outcome<Void>
  func makeFolder(_ path: String) -> Outcome<Void>
  /// Of an empty one.
  func removeFolder(_ path: String) -> Outcome<Void>
  /// The names in a folder, in no order.
  func list(_ folder: String) -> Outcome<[String]>
}

extension FileCalls {
  package func status(_ path: String) -> Outcome<FileStatus> { status(path, followsLink: true) }
}

/// The calls in use: the system's, unless a test put others in their place for what it does.
package enum Files {
  @TaskLocal package static var calls: any FileCalls = SystemCalls()
}

/// What stat(2) tells of whatever has a path.
package struct FileStatus: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case file, folder, other }

  package let stamp: FileStamp
  package let kind: Kind

  package var length: Int { stamp.size }
  /// Seconds since 1970.
  package var modified: Int { stamp.modified / 1_000_000_000 }
  package var isFile: Bool { kind == .file }
  package var isFolder: Bool { kind == .folder }

  package func isSameFile(as other: FileStatus) -> Bool { stamp.inode == other.stamp.inode && stamp.device == other.stamp.device }
}

extension Result where Failure == SystemCode {
  /// The value, or an error for people: `action` reads on as "cannot create the file: no space is left on the device".
  package func orFail(_ action: String, _ path: String, words: (SystemCode) -> String = \.explanation) throws -> Success {
    switch self {
    case .success(let value): value
    case .failure(let code): throw PlumbError("\(action): \(words(code))", at: path)
    }
  }
}
