import Basics
import Synchronization

extension ArtifactStore {
  /// Makes the folders at the first write, and removes what writers that died left behind.
  func prepare() throws {
    try isPrepared.withLock { isPrepared in
      guard !isPrepared else { return }
      for name in ["objects", "results", "runs", "tmp"] { try makeFolder("\(root)/\(name)") }
      sweepTemporaries()
      isPrepared = true
    }
  }

  /// Makes a folder and those above it, each durable before anything is put into it.
  func makeFolder(_ path: String) throws { try calls.makeFolders(path, words: \.storeWords) }

  /// Makes the names in a folder durable, as far as the file system can.
  func syncFolder(_ path: String) throws { try calls.syncFolder(path, words: \.storeWords) }

  func parent(of path: String) -> String { FolderTree.parent(of: path) }

  /// A new folder under `tmp/` for its caller to work in and to remove; one whose process died is swept like a file.
  public func makeWorkFolder() throws -> String {
    try prepare()
    let path = temporaryPath()
    try calls.makeFolder(path).orThrow("cannot create the folder", path)
    return path
  }

  /// A new file under `tmp/`, named after who writes it.
  func temporaryFile(mode: UInt32) throws -> NewFile {
    try prepare()
    return try NewFile(temporaryPath(), mode: mode, calls: calls, words: \.storeWords)
  }

  private func temporaryPath() -> String {
    let random = String(UInt64.random(in: 0 ... .max), radix: 16)
    return "\(root)/tmp/\(ProcessTable.host).\(ProcessTable.identifier).\(random)"
  }

  /// Removes temporary files untouched for a day whose process is not alive. A process of another machine that writes
  /// nothing for a day counts as dead.
  private func sweepTemporaries() {
    guard case .success(let names) = calls.list("\(root)/tmp") else { return }
    for name in names {
      let path = "\(root)/tmp/\(name)"
      guard case .success(let status) = calls.status(path), status.modified < ProcessTable.now - 86_400 else { continue }
      let fields = name.split(separator: ".")
      if fields.count == 3, fields[0] == ProcessTable.host, let process = Int32(fields[1]), ProcessTable.isAlive(process) { continue }
      if status.isFile { _ = calls.unlink(path) } else { try? FolderTree.remove(path) }
    }
  }

  /// Moves a damaged file out of the way, keeping it for inspection. The new path; nil when it cannot be moved (a store
  /// that is read-only) or another process was faster.
  @discardableResult
  func quarantine(_ path: String) -> String? {
    guard (try? makeFolder("\(root)/quarantine")) != nil else { return nil }
    let name = String(path.dropFirst(root.count + 1).map { $0 == "/" ? "-" : $0 })
    let aside = "\(root)/quarantine/\(name).\(String(UInt32.random(in: 0 ... .max), radix: 16))"
    guard case .success = calls.rename(path, to: aside) else { return nil }
    return aside
  }

  /// The whole file; nil when there is none. Throws when it is longer than `limit` or cannot be read.
  func contents(_ path: String, limit: Int) throws -> [UInt8]? {
    let opened = calls.open(path)
    if case .failure(.missing) = opened { return nil }
    let file = try opened.orThrow("cannot open a file of the store", path)
    defer { calls.close(file) }
    let status = try calls.status(of: file).orThrow("cannot read a file of the store", path)
    guard status.isFile else { throw PlumbError("not a regular file", at: path) }
    guard status.length <= limit else {
      throw PlumbError("a file of the store is too large", at: path, expected: "at most \(limit) bytes", found: "\(status.length)")
    }
    return try calls.read(
      file, at: 0, count: status.length, path, action: "cannot read a file of the store", words: \.storeWords, shorter: nil)
  }
}
