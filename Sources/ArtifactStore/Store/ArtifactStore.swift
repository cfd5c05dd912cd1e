public import Basics
import Synchronization

/// Content-addressed objects, results by key, and runs, as plain files that are correct by rename:
///
///     objects/ab/cdef…             immutable, named by SHA-256
///     results/<semantic>/<profile> a small manifest that names objects
///     runs/<id>/run.json           and the run's report
///     tmp/  quarantine/
///     downloads/                   files fetched from outside, named by SHA-256
///
/// Objects are published before the results that name them, so whatever ends a writer, a result that can be seen has all
/// its objects. Every file is written under `tmp/`, flushed, then renamed; nothing needs a lock, any number of threads
/// and processes may use one store, and it may lie on a shared file system. Opening creates nothing.
///
///     let store = ArtifactStore(root: "Artifacts")
///     let object = try store.put(bytes)
///     _ = try store.publish(manifest, as: key)
///     try store.lookup(key)?.outputs["images"]
public final class ArtifactStore: Sendable {
  public let root: String
  let calls: any FileCalls
  let isPrepared = Mutex<Bool>(false)

  public convenience init(root: String) { self.init(root: root, calls: Files.calls) }

  package init(root: String, calls: any FileCalls) {
    self.root = root
    self.calls = calls
  }

  /// The folder of files that were fetched from an address.
  public var downloads: String { "\(root)/downloads" }

  /// Where an object is kept, whether it is there or not.
  package func path(_ digest: Digest) -> String {
    let hex = digest.hex
    return "\(root)/objects/\(hex.prefix(2))/\(hex.dropFirst(2))"
  }

  /// The object that a path in a store, as `path` gives it, is of; nil for any other path.
  package static func object(at path: String) -> Digest? {
    let parts = path.split(separator: "/").suffix(3)
    guard parts.count == 3, parts.first == "objects" else { return nil }
    return Digest(hex: parts.dropFirst().joined())
  }

  /// Where a result is kept, whether it is there or not.
  package func path(_ key: ResultKey) -> String { "\(folder(semantic: key.semantic))/\(key.profile.hex)" }

  func folder(semantic: Digest) -> String { "\(root)/results/\(semantic.hex)" }
}

extension PlumbError.Kind {
  /// An object whose bytes are missing or not what its name says; it has been set aside and can be computed again.
  public static let damagedObject = PlumbError.Kind(name: "damaged object")
}
