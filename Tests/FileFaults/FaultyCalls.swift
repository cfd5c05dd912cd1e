import Basics
import Foundation
import Synchronization

/// System calls of which some fail, on the real file system. What was written but not flushed is remembered, so that a
/// power cut can take it away.
package final class FaultyCalls: FileCalls {
  /// What happens at call number `at` (from 0).
  package enum Fault: Sendable {
    /// That call alone fails.
    case fails(at: Int, SystemCode)
    /// From that call on the disk takes nothing more.
    case fullDisk(from: Int)
    /// The process ends: that call and all later ones have no effect, except that a write may have got half-way.
    case stops(at: Int)
    /// Every call of this name fails.
    case every(String, SystemCode)
    case none
  }

  private struct State {
    var count = 0
    /// Files with bytes that are not flushed, by inode.
    var unflushed: Set<UInt64> = []
    var folders: [Int32: String] = [:]
    /// Names that are not durable: their folder has not been flushed since.
    var fresh: Set<String> = []
  }

  private let system = SystemCalls()
  private let fault: Fault
  private let state = Mutex(State())

  package init(_ fault: Fault) { self.fault = fault }

  /// Calls made so far.
  package var count: Int { state.withLock { $0.count } }

  /// The verdict over the next call; nil lets it through.
  private func next(_ name: String) -> SystemCode? {
    let number = state.withLock { state in
      defer { state.count += 1 }
      return state.count
    }
    switch fault {
    case .none: return nil
    case .fails(let at, let code): return number == at ? code : nil
    case .fullDisk(let from):
      return number >= from && ["create", "write", "resize", "sync", "makeFolder"].contains(name) ? SystemCode(ENOSPC) : nil
    case .stops(let at): return number >= at ? .inputOutput : nil
    case .every(let failing, let code): return failing == name ? code : nil
    }
  }

  private func pass<Value>(_ name: String, _ call: () -> Outcome<Value>) -> Outcome<Value> {
    if let code = next(name) { .failure(code) } else { call() }
  }

  package func create(_ path: String, mode: UInt32) -> Outcome<Int32> {
    pass("create") { system.create(path, mode: mode) }
  }

  package func open(_ path: String) -> Outcome<Int32> { pass("open") { system.open(path) } }

  package func openForUpdate(_ path: String, mode: UInt32) -> Outcome<Int32> {
    pass("create") { system.openForUpdate(path, mode: mode) }
  }

  package func openFolder(_ path: String) -> Outcome<Int32> {
    pass("openFolder") {
      let folder = system.openFolder(path)
      if case .success(let descriptor) = folder { state.withLock { $0.folders[descriptor] = path } }
      return folder
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int?) -> Outcome<Int> {
    if let code = next("write") {
      if case .stops(let at) = fault, count == at + 1 {
        _ = system.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2)), to: file, at: offset)
      }
      return .failure(code)
    }
    state.withLock { _ = $0.unflushed.insert(Self.inode(file)) }
    // Short writes are legal: half of it, unless that is nothing.
    return system.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(max(1, bytes.count / 2))), to: file, at: offset)
  }

  package func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
    pass("read") {
      system.read(file, at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(max(1, buffer.count / 2))))
    }
  }

  package func resize(_ file: Int32, to length: Int) -> Outcome<Void> { pass("resize") { system.resize(file, to: length) } }

  package func sync(_ file: Int32) -> Outcome<Void> {
    pass("sync") {
      state.withLock { state in
        if let folder = state.folders[file] {
          state.fresh = state.fresh.filter { ($0 as NSString).deletingLastPathComponent != folder }
        } else {
          state.unflushed.remove(Self.inode(file))
        }
      }
      return .success(())
    }
  }

  package func lock(_ file: Int32) -> Outcome<Void> { pass("lock") { system.lock(file) } }

  package func close(_ file: Int32) {
    state.withLock { _ = $0.folders.removeValue(forKey: file) }
    system.close(file)
  }

  package func status(_ path: String, followsLink: Bool) -> Outcome<FileStatus> {
    pass("status") { system.status(path, followsLink: followsLink) }
  }
  package func status(of file: Int32) -> Outcome<FileStatus> { pass("status") { system.status(of: file) } }
  package func setMode(_ path: String, to mode: UInt32) -> Outcome<Void> { pass("setMode") { system.setMode(path, to: mode) } }

  package func rename(_ path: String, to new: String) -> Outcome<Void> { named(new, pass("rename") { system.rename(path, to: new) }) }
  package func link(_ path: String, to new: String) -> Outcome<Void> { named(new, pass("link") { system.link(path, to: new) }) }
  package func makeFolder(_ path: String) -> Outcome<Void> { named(path, pass("makeFolder") { system.makeFolder(path) }) }
  package func removeFolder(_ path: String) -> Outcome<Void> { pass("removeFolder") { system.removeFolder(path) } }
  package func unlink(_ path: String) -> Outcome<Void> { pass("unlink") { system.unlink(path) } }
  package func list(_ folder: String) -> Outcome<[String]> { pass("list") { system.list(folder) } }

  private func named(_ name: String, _ outcome: Outcome<Void>) -> Outcome<Void> {
    if case .success = outcome { state.withLock { _ = $0.fresh.insert(name) } }
    return outcome
  }

  private static func inode(_ file: Int32) -> UInt64 {
    var status = stat()
    return fstat(file, &status) == 0 ? UInt64(status.st_ino) : 0
  }
}

extension FaultyCalls {
  /// Takes away what a power cut may take: names in folders that were not flushed, and half of the bytes of files that
  /// were not.
  package func cutPower(under root: String) throws {
    let (fresh, unflushed) = state.withLock { ($0.fresh, $0.unflushed) }
    for name in fresh where name.hasPrefix(root) { try? FileManager.default.removeItem(atPath: name) }
    for name in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
      let path = "\(root)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0, unflushed.contains(UInt64(status.st_ino)), status.st_mode & S_IFMT == S_IFREG else { continue }
      chmod(path, 0o644)
      truncate(path, status.st_size / 2)
    }
  }
}
