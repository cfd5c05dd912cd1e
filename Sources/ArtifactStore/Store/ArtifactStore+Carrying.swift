import Basics

/// Results as bytes, to be carried from one store to another.
extension ArtifactStore {
  /// A result as it is kept; nil when it is not there with all its objects.
  public func carried(_ key: ResultKey) throws -> [UInt8]? { try lookup(key)?.encoded(under: key) }

  /// Takes in a result that was kept elsewhere, after its objects, and tells what was there before. Throws when the bytes are
  /// not a result of that key, or an object is missing.
  public func adopt(_ bytes: [UInt8], as key: ResultKey) throws -> PublishOutcome {
    try publish(ResultManifest(parsing: bytes, under: key), as: key)
  }
}
