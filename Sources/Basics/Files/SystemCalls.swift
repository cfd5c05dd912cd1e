import SystemPackage

/// The operating system's calls, through swift-system; what that lacks stands in `FurtherCalls`. No other file makes any that
/// change a file.
package struct SystemCalls: FileCalls {
  package init() {}

  package func create(_ path: String, mode: UInt32) -> Outcome<Int32> {
    open(path, .writeOnly, [.create, .exclusiveCreate], mode)
  }

  /// Without waiting for somebody at the other end of a pipe; it makes no difference to files.
  package func open(_ path: String) -> Outcome<Int32> { open(path, .readOnly, [.nonBlocking]) }

  package func openForUpdate(_ path: String, mode: UInt32) -> Outcome<Int32> { open(path, .readWrite, [.create], mode) }

  package func openFolder(_ path: String) -> Outcome<Int32> { open(path, .readOnly, [.directory]) }

  package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int?) -> Outcome<Int> {
    attempt {
      let file = FileDescriptor(rawValue: file)
      return if let offset { try file.write(toAbsoluteOffset: Int64(offset), bytes) } else { try file.write(bytes) }
    }
  }

  package func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
    attempt { try FileDescriptor(rawValue: file).read(fromAbsoluteOffset: Int64(offset), into: buffer) }
  }

  package func resize(_ file: Int32, to length: Int) -> Outcome<Void> {
    attempt { try FileDescriptor(rawValue: file).resize(to: Int64(length)) }
  }

  package func sync(_ file: Int32) -> Outcome<Void> { FurtherCalls.sync(file) }
  package func lock(_ file: Int32) -> Outcome<Void> { FurtherCalls.lock(file) }
  package func close(_ file: Int32) { try? FileDescriptor(rawValue: file).close() }

  package func status(_ path: String, followsLink: Bool) -> Outcome<FileStatus> {
    named(path) { FileStatus(try $0.stat(followTargetSymlink: followsLink)) }
  }

  package func status(of file: Int32) -> Outcome<FileStatus> { attempt { FileStatus(try FileDescriptor(rawValue: file).stat()) } }

  package func setMode(_ path: String, to mode: UInt32) -> Outcome<Void> { FurtherCalls.setMode(path, mode) }
  package func rename(_ path: String, to new: String) -> Outcome<Void> { FurtherCalls.rename(path, new) }
  package func link(_ path: String, to new: String) -> Outcome<Void> { FurtherCalls.link(path, new) }
  package func unlink(_ path: String) -> Outcome<Void> { FurtherCalls.unlink(path) }
  package func makeFolder(_ path: String) -> Outcome<Void> { FurtherCalls.makeFolder(path) }
  package func removeFolder(_ path: String) -> Outcome<Void> { FurtherCalls.removeFolder(path) }
  package func list(_ folder: String) -> Outcome<[String]> { FurtherCalls.list(folder) }

  private func open(
    _ path: String, _ access: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions, _ mode: UInt32 = 0
  ) -> Outcome<Int32> {
    named(path) { path in
      try FileDescriptor.open(
        path, access, options: options.union(.closeOnExec), permissions: FilePermissions(rawValue: CModeT(truncatingIfNeeded: mode))
      ).rawValue
    }
  }

  /// A path with a zero byte in it would end there.
  private func named<Value>(_ path: String, _ call: (FilePath) throws -> Value) -> Outcome<Value> {
    path.utf8.contains(0) ? .failure(.invalid) : attempt { try call(FilePath(path)) }
  }

  private func attempt<Value>(_ call: () throws -> Value) -> Outcome<Value> {
    do {
      return .success(try call())
    } catch let error as Errno {
      return .failure(SystemCode(error.rawValue))
    } catch {
      return .failure(.inputOutput)
    }
  }
}

extension FileStatus {
  fileprivate init(_ status: Stat) {
    stamp = FileStamp(
      size: Int(status.size), modified: status.st_mtim, changed: status.st_ctim, inode: UInt64(status.inode.rawValue),
      device: UInt64(status.deviceID.rawValue))
    kind =
      switch status.type {
      case .regular: .file
      case .directory: .folder
      default: .other
      }
  }
}
