import Basics
import FileFaults
import Foundation
import Testing

@Suite struct FileTests {
  private static let old = Array("what was there before".utf8)
  private static let new = [UInt8](repeating: 7, count: 5_000)

  @Test func `whatever fails, a file that is replaced is the old one or the new one`() throws {
    let trial = try FaultTrial {
      $1 == Self.old || $1 == Self.new
    } prepare: { folder in
      try AtomicFile.write(Self.old, to: folder + "/a")
    } work: { folder in
      try AtomicFile.write(Self.new, to: folder + "/a")
    }
    #expect(trial.findings.isEmpty, "\(trial.findings)")
    #expect(trial.calls > 10 && trial.told > trial.calls, "\(trial.calls) calls, \(trial.told) failures told")
  }

  @Test func `whatever fails, a folder is made or it is told, and a file in the place of one is not taken for it`() throws {
    var toldWithoutReason = 0
    let trial = try FaultTrial { _, _ in
      false
    } work: { folder in
      try AtomicFile.makeDirectory(folder + "/a/b/c")
      guard case .success(let status) = SystemCalls().status(folder + "/a/b/c"), status.isFolder else {
        toldWithoutReason += 1
        return
      }
    }
    #expect(trial.findings.isEmpty, "\(trial.findings)")
    #expect(trial.told > 0 && toldWithoutReason == 0, "\(toldWithoutReason) times told that a folder is there that is not")
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-file-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder)
    defer { try? FolderTree.remove(folder) }
    try AtomicFile.write([1], to: folder + "/a")
    #expect(throws: PlumbError.self) { try AtomicFile.makeDirectory(folder + "/a") }
  }

  /// Reads end early, as on a file that somebody makes shorter.
  private struct ShortCalls: FileCalls {
    let system = SystemCalls()
    func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
      offset >= 3 ? .success(0) : system.read(file, at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(3)))
    }
    func create(_ path: String, mode: UInt32) -> Outcome<Int32> { system.create(path, mode: mode) }
    func open(_ path: String) -> Outcome<Int32> { system.open(path) }
    func openForUpdate(_ path: String, mode: UInt32) -> Outcome<Int32> { system.openForUpdate(path, mode: mode) }
    func openFolder(_ path: String) -> Outcome<Int32> { system.openFolder(path) }
    func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int?) -> Outcome<Int> { .failure(.readOnly) }
    func resize(_ file: Int32, to length: Int) -> Outcome<Void> { .failure(.readOnly) }
    func sync(_ file: Int32) -> Outcome<Void> { .failure(.readOnly) }
    func lock(_ file: Int32) -> Outcome<Void> { .failure(.readOnly) }
    func close(_ file: Int32) { system.close(file) }
    func status(_ path: String, followsLink: Bool) -> Outcome<FileStatus> { system.status(path, followsLink: followsLink) }
    func status(of file: Int32) -> Outcome<FileStatus> { system.status(of: file) }
    func setMode(_ path: String, to mode: UInt32) -> Outcome<Void> { .failure(.readOnly) }
    func rename(_ path: String, to new: String) -> Outcome<Void> { .failure(.readOnly) }
    func link(_ path: String, to new: String) -> Outcome<Void> { .failure(.readOnly) }
    func unlink(_ path: String) -> Outcome<Void> { .failure(.readOnly) }
    func makeFolder(_ path: String) -> Outcome<Void> { .failure(.readOnly) }
    func removeFolder(_ path: String) -> Outcome<Void> { .failure(.readOnly) }
    func list(_ folder: String) -> Outcome<[String]> { system.list(folder) }
  }

  @Test func `a file that becomes shorter while it is read is told as that, not as the system's last error`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/plumb-short-\(UUID().uuidString)"
    try AtomicFile.write(Array("0123456789".utf8), to: path)
    defer { unlink(path) }
    errno = ENOSPC
    let error = #expect(throws: PlumbError.self) { try Files.$calls.withValue(ShortCalls()) { try AtomicFile.read(path) } }
    #expect(
      error?.description.hasSuffix("became shorter while it was read; expected 10 bytes, found 3") == true, "\(String(describing: error))")
  }

  @Test func `a path with a zero byte in it names no file`() {
    #expect(throws: PlumbError.self) { try AtomicFile.read("/etc/passwd\0.yaml") }
    #expect(throws: PlumbError.self) { try AtomicFile.write([1], to: "/tmp/plumb\0x") }
  }

  @Test func `a tree is removed with folders nobody may read, and links in it are not followed`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-tree-\(UUID().uuidString)"
    try AtomicFile.makeDirectory(folder + "/kept")
    defer { try? FolderTree.remove(folder) }
    try AtomicFile.write([1], to: folder + "/kept/file")
    try AtomicFile.makeDirectory(folder + "/tree/a/b")
    try AtomicFile.write([1], to: folder + "/tree/a/b/file")
    try #require(symlink(folder + "/kept", folder + "/tree/a/link") == 0)
    chmod(folder + "/tree/a/b", 0o000)
    chmod(folder + "/tree/a", 0o500)
    try FolderTree.remove(folder + "/tree")
    #expect(SystemCalls().list(folder) == .success(["kept"]))
    #expect(SystemCalls().list(folder + "/kept") == .success(["file"]))
    try FolderTree.remove(folder + "/tree")
  }
}
