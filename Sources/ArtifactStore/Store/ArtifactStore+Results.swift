public import Basics

extension ArtifactStore {
  /// The result under a key, if it is there with all its objects at their length. A manifest that cannot be understood is
  /// set aside and counts as absent; so does a result with an object that is missing or of another length, until that
  /// object is back. Throws when the store cannot be read, or a newer version of the program wrote the manifest.
  public func lookup(_ key: ResultKey) throws -> ResultManifest? {
    let path = path(key)
    guard let bytes = try contents(path, limit: ResultManifest.longest) else { return nil }
    let manifest: ResultManifest
    do {
      manifest = try ResultManifest(parsing: bytes, under: key)
    } catch let error as PlumbError where error.kind == .newerFormat {
      throw error.at(path)
    } catch {
      quarantine(path)
      return nil
    }
    return try manifest.objects.allSatisfy(isPresent) ? manifest : nil
  }

  /// What is recorded under a key, whether or not its objects are there; nil when nothing that can be understood is. For a
  /// reader who comes upon what is missing when it reads the objects.
  package func recorded(_ key: ResultKey) throws -> ResultManifest? {
    guard let bytes = try contents(path(key), limit: ResultManifest.longest) else { return nil }
    do {
      return try ResultManifest(parsing: bytes, under: key)
    } catch let error as PlumbError where error.kind == .newerFormat {
      throw error.at(path(key))
    } catch { return nil }
  }

  /// Whether a usable result is there.
  public func contains(_ key: ResultKey) throws -> Bool { try lookup(key) != nil }

  /// The semantic keys under which something is kept, by one listing: for asking after many keys at once, most of which are
  /// not there.
  public func semanticKeys() throws -> Set<Digest> {
    let listed = calls.list("\(root)/results")
    if case .failure(.missing) = listed { return [] }
    return Set(try listed.orThrow("cannot list results", root).compactMap { Digest(hex: $0) })
  }

  /// The profiles under which a result is kept, in order.
  public func profiles(of semantic: Digest) throws -> [Digest] {
    let listed = calls.list(folder(semantic: semantic))
    if case .failure(.missing) = listed { return [] }
    return try listed.orThrow("cannot list results", folder(semantic: semantic)).compactMap { Digest(hex: $0) }.sorted()
  }

  /// Makes a result visible, after its objects, each of which must be there. Two writers of one key must bring the same
  /// outputs; what the first one published stays.
  public func publish(_ manifest: ResultManifest, as key: ResultKey) throws -> PublishOutcome {
    for object in manifest.objects where try !isPresent(object) {
      throw PlumbError("a result names an object that is not in the store", kind: .damagedObject, at: path(object.digest))
    }
    let bytes = manifest.encoded(under: key)
    let path = path(key)
    let temporary = try temporaryFile(mode: 0o444)
    try bytes.withUnsafeBytes { try temporary.write($0) }
    try temporary.flush()
    try makeFolder(parent(of: path))
    // A name can be taken by a manifest that is not usable: that one is set aside and the name tried again.
    var lost: ResultManifest?
    for _ in 0..<4 {
      switch link(temporary, to: path) {
      case .success:
        try syncFolder(parent(of: path))
        return lost.map { .replaced($0) } ?? .published
      case .failure(.exists):
        if try contents(path, limit: ResultManifest.longest) == bytes { return .alreadyThere }
        if let existing = try lookup(key) { return existing.agrees(with: manifest) ? .alreadyThere : .conflict(existing: existing) }
        // Its objects are gone, but what they were is told, and this is something else.
        if let recorded = try recorded(key), !recorded.agrees(with: manifest) { lost = recorded }
        quarantine(path)
      case .failure(let code): throw PlumbError("cannot publish a result: \(code.explanation)", at: path)
      }
    }
    throw PlumbError("cannot publish a result: what has its name is not readable and cannot be set aside", at: path)
  }

  /// link(2) fails when the name is taken, where rename(2) would replace it. On a file system without hard links the name
  /// is looked at first; two writers that slip through bring the same bytes, unless a stage is not deterministic.
  private func link(_ temporary: NewFile, to path: String) -> Result<Void, SystemCode> {
    let linked = temporary.link(to: path)
    guard case .failure(let code) = linked, code.meansNoHardLinks else { return linked }
    if case .success = calls.status(path) { return .failure(.exists) }
    return temporary.renameIfPossible(to: path)
  }
}
