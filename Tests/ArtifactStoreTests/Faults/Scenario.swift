import ArtifactStore
import Basics
import Testing

/// Two results that share an object, and a run: what the fault tests interrupt.
struct Scenario {
  static let first = [UInt8](repeating: 7, count: 3000)
  static let second = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
  static let third = Array("a table".utf8)
  static let keys = [ResultKey.test("one"), ResultKey.test("two")]
  static let runID = RunID.test("20261123-014155-7f3a")

  static func object(_ bytes: [UInt8]) -> ObjectRef { ObjectRef(digest: Digest(of: bytes), length: bytes.count) }

  static let manifests = [
    ResultManifest.test([object(first), object(second)]), ResultManifest.test([object(first), object(third)]),
  ]

  /// Does it all; `published` hears of each result once the store says it is there.
  static func run(in store: ArtifactStore, published: (Int) -> Void = { _ in }) throws {
    let first = try store.put(first)
    let writer = try store.objectWriter()
    for start in stride(from: 0, to: second.count, by: 2000) { try writer.write(Array(second[start..<min(start + 2000, second.count)])) }
    let second = try writer.finish()
    try publish(.test([first, second]), 0, in: store, published)
    let again = try store.put(Self.first)
    let third = try store.put(third)
    try publish(.test([again, third]), 1, in: store, published)
    try store.writeRun(id: runID, ["id": .text(runID.text)])
  }

  private static func publish(
    _ manifest: ResultManifest, _ index: Int, in store: ArtifactStore, _ published: (Int) -> Void
  ) throws {
    if case .conflict = try store.publish(manifest, as: keys[index]) { throw PlumbError("published twice with different bytes") }
    published(index)
  }

  /// Every result that can be seen is the right one with the right bytes, nothing half-written has a name, and what was
  /// acknowledged is there.
  static func check(_ store: ArtifactStore, acknowledged: [Int], _ comment: Comment) throws {
    for (index, key) in keys.enumerated() {
      let found = try store.lookup(key)
      #expect(found != nil || !acknowledged.contains(index), comment)
      guard let found else { continue }
      #expect(found == manifests[index], comment)
      for object in found.objects {
        let bytes = try store.read(object)
        #expect(object == Self.object(bytes), comment)
      }
    }
    let report = try store.verify()
    #expect(report.isSound, comment)
    #expect(store.runListing(newest: 9).unreadable.isEmpty, comment)
  }
}
