import Basics

/// Writes one object piece by piece: into a temporary file, hashed on the way, flushed, then renamed to the name its
/// digest gives it. A writer that is let go of before `finish` leaves nothing. For one thread at a time.
public final class ObjectWriter {
  private let store: ArtifactStore
  private let temporary: NewFile
  private var digester: Digester? = Digester()
  private var length = 0

  init(store: ArtifactStore, temporary: NewFile) {
    self.store = store
    self.temporary = temporary
  }

  public func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    try temporary.write(bytes)
    digester?.update(bytes)
    length += bytes.count
  }

  /// Publishes the object. The writer is used up.
  public func finish() throws -> ObjectRef {
    guard let digester = digester.take() else { throw PlumbError("an object was finished twice", at: temporary.path) }
    let object = ObjectRef(digest: digester.finish(), length: length)
    try store.install(temporary, as: object)
    return object
  }
}
