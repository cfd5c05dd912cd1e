import Foundation

/// The operating system's own calls: the only file of the store that makes any.
package struct PosixCalls: FileCalls {
  package init() {}

  package func create(_ path: String, mode: UInt32) -> Outcome<Int32> {
    counted { Foundation.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode)) }
  }

  package func open(_ path: String) -> Outcome<Int32> {
    counted { Foundation.open(path, O_RDONLY | O_CLOEXEC) }
  }

  package func openFolder(_ path: String) -> Outcome<Int32> {
    counted { Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Outcome<Int> {
    counted { Foundation.write(file, bytes.baseAddress, bytes.count) }
  }

  package func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome<Int> {
    counted { Foundation.pread(file, buffer.baseAddress, buffer.count, off_t(offset)) }
  }

  package func sync(_ file: Int32) -> Outcome<Void> { done { Foundation.fsync(file) } }

  package func close(_ file: Int32) { Foundation.close(file) }

  package func status(_ path: String) -> Outcome<FileStatus> {
    var status = stat()
    return done { stat(path, &status) }.map { FileStatus(status) }
  }

  package func status(of file: Int32) -> Outcome<FileStatus> {
    var status = stat()
    return done { fstat(file, &status) }.map { FileStatus(status) }
  }

  package func rename(_ path: String, to new: String) -> Outcome<Void> { done { Foundation.rename(path, new) } }

  package func link(_ path: String, to new: String) -> Outcome<Void> { done { Foundation.link(path, new) } }

  package func unlink(_ path: String) -> Outcome<Void> { done { Foundation.unlink(path) } }

  package func makeFolder(_ path: String) -> Outcome<Void> { done { Foundation.mkdir(path, 0o777) } }

  package func list(_ folder: String) -> Outcome<[String]> {
    guard let stream = opendir(folder) else { return .failure(SystemCode(errno)) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { return errno == 0 ? .success(names) : .failure(SystemCode(errno)) }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// errno is read before anything else can change it.
  private func counted<Count: SignedInteger>(_ call: () -> Count) -> Outcome<Count> {
    while true {
      let count = call()
      if count >= 0 { return .success(count) }
      let code = errno
      if code != EINTR { return .failure(SystemCode(code)) }
    }
  }

  private func done(_ call: () -> Int32) -> Outcome<Void> { counted(call).map { _ in } }
}

extension FileStatus {
  init(_ status: stat) {
    self.init(length: Int(status.st_size), modified: Int(status.st_mtim.tv_sec), isFile: status.st_mode & S_IFMT == S_IFREG)
  }
}

/// This machine's name, and whether one of its processes lives: for telling whose a left-over temporary file is.
enum ProcessTable {
  static let identifier: Int32 = getpid()

  /// The host name with nothing in it that a file name or the fields of ours could not hold.
  static let host: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let kept = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return kept.isEmpty ? "unknown" : String(kept.prefix(64))
  }()

  static func isAlive(_ process: Int32) -> Bool { process > 0 && (kill(process, 0) == 0 || errno == EPERM) }

  static var now: Int { Int(time(nil)) }
}
