package import Basics

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

  /// The bytes of an object, checked by length and digest at every read. Throws an error of kind `damagedObject` when it is
  /// missing or not what its name says; what is there has then been set aside.
  public func read(_ object: ObjectRef) throws -> [UInt8] {
    let path = path(object.digest)
    try checkLength(object)
    guard let bytes = try contents(path, limit: object.length), bytes.count == object.length else {
      throw damaged(object, found: "a file that changed while it was read")
    }
    let digest = Digest(of: bytes)
    guard digest == object.digest else { throw damaged(object, found: "digest \(digest.short)…") }
    return bytes
  }

  /// An object opened for reading parts of it, each checked when it is read. Throws like `read`, and so do its reads.
  package func open(_ object: ObjectRef) throws -> VerifiedBytes {
    try checkLength(object)
    return try VerifiedBytes(StoredFile(path(object.digest), length: object.length, calls: calls), expecting: object.digest) {
      self.damaged(object, found: "digest \($0.short)…")
    }
  }

  /// Copies an object to a new file outside of the store, its bytes checked on the way. Throws like `read`; a file that was
  /// begun is then removed.
  /// - Parameter mode: permissions of the file.
  package func copy(_ object: ObjectRef, to path: String, mode: UInt32 = 0o444) throws {
    let bytes = try open(object)
    let copy = try NewFile(path, mode: mode, calls: calls, words: \.storeWords)
    try bytes.forEachPiece(of: 1 << 20) { piece in try piece.withUnsafeBytes { try copy.write($0) } }
    copy.keep()
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
    var digester = Digester()
    try calls.forEachPiece(of: file, path, action: "cannot read an object", words: \.storeWords) { digester.update($0) }
    return digester.finish()
  }

  /// Whether the object is there with the right bytes, so that it need not be written. A bad one is set aside: who
  /// computes it again heals the store.
  private func holds(_ object: ObjectRef) -> Bool {
    guard (try? isPresent(object)) == true else { return false }
    guard let digest = try? digestOnDisk(path(object.digest)) else { return false }
    if digest == object.digest { return true }
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

  private func damaged(_ object: ObjectRef, found: String) -> PlumbError {
    let path = path(object.digest)
    let aside = quarantine(path)
    return PlumbError(
      "an object of the store is damaged" + (aside.map { "; moved to \($0)" } ?? ""), kind: .damagedObject, at: path,
      expected: "\(object.length) bytes with the digest of that name", found: found)
  }
}
