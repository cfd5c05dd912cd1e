import Basics

extension ArtifactStore {
  /// Keeps bytes as an object. An object that is there already is not written again.
  public func put(_ bytes: [UInt8]) throws -> ObjectRef {
    let object = ObjectRef(digest: Digest(of: bytes), length: bytes.count)
    if holds(object) { return object }
    let temporary = try temporaryFile(mode: 0o444)
    try bytes.withUnsafeBytes { try temporary.write($0) }
    try install(temporary, as: object)
    return object
  }

  /// A writer for an object that comes in pieces.
  public func objectWriter() throws -> ObjectWriter { ObjectWriter(store: self, temporary: try temporaryFile(mode: 0o444)) }

  /// The bytes of an object. Its length is checked always, its digest at the first use in a process. Throws an error of
  /// kind `damagedObject` when it is missing or not what its name says; what is there has then been set aside.
  public func read(_ object: ObjectRef) throws -> [UInt8] {
    let path = path(object.digest)
    try checkLength(object)
    guard let bytes = try contents(path, limit: object.length), bytes.count == object.length else {
      throw damaged(object, found: "a file that changed while it was read")
    }
    if isVerified(object) { return bytes }
    let digest = Digest(of: bytes)
    guard digest == object.digest else { throw damaged(object, found: "digest \(digest.short)…") }
    noteVerified(object)
    return bytes
  }

  /// The path of an object, its length and (at the first use in a process) its content checked, for a reader that wants
  /// parts of it. Throws like `read`.
  public func verifiedPath(of object: ObjectRef) throws -> String {
    try checkLength(object)
    if !isVerified(object) {
      let digest = try digestOnDisk(path(object.digest))
      guard digest == object.digest else { throw damaged(object, found: "digest \(digest.short)…") }
      noteVerified(object)
    }
    return path(object.digest)
  }

  /// Whether the object is there with its length; one of another length is set aside.
  func isPresent(_ object: ObjectRef) throws -> Bool {
    switch calls.status(path(object.digest)) {
    case .success(let status):
      if status.isFile && status.length == object.length { return true }
      quarantine(path(object.digest))
      return false
    case .failure(.missing): return false
    case .failure(let code): throw PlumbError("cannot look at an object: \(code.explanation)", at: path(object.digest))
    }
  }

  /// Flushes a temporary file with the bytes of `object` and gives it its name, unless a good one has it.
  func install(_ temporary: NewFile, as object: ObjectRef) throws {
    if holds(object) { return }
    let path = path(object.digest)
    try temporary.flush()
    try makeFolder(parent(of: path))
    try temporary.rename(to: path)
    try syncFolder(parent(of: path))
  }

  /// The digest of a file, read in pieces of 1 MiB.
  func digestOnDisk(_ path: String) throws -> Digest {
    let file = try calls.open(path).orThrow("cannot open an object", path)
    defer { calls.close(file) }
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var digester = Digester()
    var offset = 0
    while true {
      let count = try calls.read(file, at: offset, into: piece).orThrow("cannot read an object", path)
      if count == 0 { return digester.finish() }
      digester.update(UnsafeRawBufferPointer(rebasing: piece.prefix(count)))
      offset += count
    }
  }

  /// Whether the object is there with the right bytes, so that it need not be written. A bad one is set aside: who
  /// computes it again heals the store.
  private func holds(_ object: ObjectRef) -> Bool {
    guard (try? isPresent(object)) == true else { return false }
    if isVerified(object) { return true }
    guard let digest = try? digestOnDisk(path(object.digest)) else { return false }
    if digest == object.digest {
      noteVerified(object)
      return true
    }
    quarantine(path(object.digest))
    return false
  }

  private func checkLength(_ object: ObjectRef) throws {
    let path = path(object.digest)
    switch calls.status(path) {
    case .success(let status):
      guard status.isFile && status.length == object.length else { throw damaged(object, found: "\(status.length) bytes") }
    case .failure(.missing):
      throw PlumbError("an object of the store is missing", kind: .damagedObject, at: path, expected: "\(object.length) bytes")
    case .failure(let code): throw PlumbError("cannot look at an object: \(code.explanation)", at: path)
    }
  }

  private func isVerified(_ object: ObjectRef) -> Bool { verified.withLock { $0.contains(object.digest) } }

  private func noteVerified(_ object: ObjectRef) { verified.withLock { _ = $0.insert(object.digest) } }

  private func damaged(_ object: ObjectRef, found: String) -> PlumbError {
    let path = path(object.digest)
    let aside = quarantine(path)
    verified.withLock { _ = $0.remove(object.digest) }
    return PlumbError(
      "an object of the store is damaged" + (aside.map { "; moved to \($0)" } ?? ""), kind: .damagedObject, at: path,
      expected: "\(object.length) bytes with the digest of that name", found: found)
  }
}
