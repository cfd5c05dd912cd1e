import ArtifactStore
import Basics
import Foundation
import Synchronization
import Testing

@Suite struct ResultTests {
  private let folder: ScratchFolder
  private let store: ArtifactStore
  private let key = ResultKey.test("cell")

  init() throws {
    folder = try ScratchFolder()
    store = ArtifactStore(root: folder.path + "/store")
  }

  private func published() throws -> ResultManifest {
    let manifest = ResultManifest.test([try store.put([1, 2, 3]), try store.put([4])])
    #expect(try store.publish(manifest, as: key) == .published)
    return manifest
  }

  @Test func aPublishedResultIsFoundUnderItsKeyOnly() throws {
    let manifest = try published()
    #expect(try store.lookup(key) == manifest)
    #expect(try store.contains(key))
    #expect(try store.lookup(.test("other")) == nil)
    #expect(try store.lookup(.test("cell", profile: "other")) == nil)
    #expect(try store.profiles(of: key.semantic) == [key.profile])
    #expect(try store.profiles(of: Digest(of: "nothing")) == [])
    #expect(try manifest.outputs["images"]?.part("32-64").length == 1)
    #expect(throws: PlumbError.self) { try manifest.outputs["images"]?.part("64-96") }
    #expect(folder.files(under: "store/results") == ["store/results/\(key.semantic.hex)/\(key.profile.hex)"])
  }

  @Test func theFileIsTheSameForEveryWriter() throws {
    let manifest = try published()
    let other = try ScratchFolder()
    let second = ArtifactStore(root: other.path)
    _ = try second.put([1, 2, 3])
    _ = try second.put([4])
    _ = try second.publish(manifest, as: key)
    #expect(try AtomicFile.read(store.path(key)) == AtomicFile.read(second.path(key)))
  }

  @Test func aSecondWriterWithTheSameBytesIsFine() throws {
    let manifest = try published()
    #expect(try store.publish(manifest, as: key) == .alreadyThere)
    #expect(folder.files(under: "store/tmp").isEmpty)
  }

  @Test func aSecondWriterWithOtherBytesIsToldWhatIsThere() throws {
    let manifest = try published()
    let other = ResultManifest.test([try store.put([9])])
    #expect(try store.publish(other, as: key) == .conflict(existing: manifest))
    #expect(try store.lookup(key) == manifest)
  }

  @Test func oneOfManyWritersPublishesAndTheOthersAgree() throws {
    let manifest = ResultManifest.test([try store.put([1, 2, 3])])
    let outcomes = Mutex<[PublishOutcome]>([])
    let (root, key) = (store.root, key)
    DispatchQueue.concurrentPerform(iterations: 16) { _ in
      guard let outcome = try? ArtifactStore(root: root).publish(manifest, as: key) else { return }
      outcomes.withLock { $0.append(outcome) }
    }
    #expect(outcomes.withLock { $0.filter { $0 == .published }.count } == 1)
    #expect(outcomes.withLock { $0.filter { $0 == .alreadyThere }.count } == 15)
  }

  @Test func aResultMustNotNameAnObjectThatIsNotThere() throws {
    let manifest = ResultManifest.test([ObjectRef(digest: Digest(of: "nothing"), length: 7)])
    let error = #expect(throws: PlumbError.self) { _ = try store.publish(manifest, as: key) }
    #expect(error?.kind == .damagedObject)
    #expect(try store.lookup(key) == nil)
  }

  @Test(arguments: ["", "{", "[1,2]", "{\"format\":1}", "\u{0}\u{0}\u{0}"])
  func aManifestThatCannotBeUnderstoodIsSetAsideAndReplaced(text: String) throws {
    let manifest = try published()
    try ScratchFolder.overwrite(store.path(key), Array(text.utf8))
    #expect(try store.lookup(key) == nil)
    #expect(folder.files(under: "store/quarantine").count == 1)
    #expect(try store.publish(manifest, as: key) == .published)
    try ScratchFolder.overwrite(store.path(key), Array(text.utf8))
    #expect(try store.publish(manifest, as: key) == .published)
    #expect(try store.lookup(key) == manifest)
  }

  @Test func anyChangedByteOfAManifestIsNoticed() throws {
    let manifest = try published()
    let bytes = try AtomicFile.read(store.path(key))
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      try ScratchFolder.overwrite(store.path(key), changed)
      // Either nothing is seen or, where the byte carries no meaning of its own, the same result.
      let found = try? store.lookup(key)
      #expect(found == nil || found == manifest, "byte \(index)")
    }
  }

  @Test func aManifestUnderAnotherKeyIsNotBelieved() throws {
    _ = try published()
    let other = ResultKey.test("other")
    try FileManager.default.createDirectory(
      atPath: (store.path(other) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: store.path(key), toPath: store.path(other))
    #expect(try store.lookup(other) == nil)
  }

  @Test func aManifestOfANewerFormatIsLeftAloneAndNamed() throws {
    _ = try published()
    let newer = Array("{\"format\":2}".utf8)
    try ScratchFolder.overwrite(store.path(key), newer)
    let error = #expect(throws: PlumbError.self) { _ = try store.lookup(key) }
    #expect(error?.description.contains("format 1, found 2") == true)
    #expect(try AtomicFile.read(store.path(key)) == newer)
  }

  @Test func aResultWithoutAnObjectIsAbsentUntilTheObjectIsBack() throws {
    let manifest = try published()
    let path = store.path(manifest.objects[0].digest)
    try FileManager.default.removeItem(atPath: path)
    #expect(try store.lookup(key) == nil)
    _ = try store.put([1, 2, 3])
    _ = try store.put([4])
    #expect(try store.lookup(key) == manifest)
    #expect(try store.publish(manifest, as: key) == .alreadyThere)
  }

  @Test func aResultWithAShortObjectIsAbsentAndTheObjectSetAside() throws {
    let manifest = ResultManifest.test([try store.put([1, 2, 3])])
    _ = try store.publish(manifest, as: key)
    try ScratchFolder.overwrite(store.path(manifest.objects[0].digest), [1, 2])
    #expect(try store.lookup(key) == nil)
    #expect(folder.files(under: "store/objects").isEmpty)
    #expect(folder.files(under: "store/quarantine").count == 1)
  }

  @Test func aResultThatLostItsObjectsGivesWayToAnother() throws {
    let manifest = ResultManifest.test([try store.put([1, 2, 3])])
    _ = try store.publish(manifest, as: key)
    try FileManager.default.removeItem(atPath: store.path(manifest.objects[0].digest))
    let other = ResultManifest.test([try store.put([9])])
    #expect(try store.publish(other, as: key) == .replaced(manifest))
    #expect(try store.lookup(key) == other)
  }

  @Test func factsKeepTheirValuesAndTheArtifactItsDigest() throws {
    let facts: JSONValue = [
      "one": 1, "one point": 1.0, "tiny": .number(.leastNonzeroMagnitude), "third": .number(1.0 / 3), "text": "é\n\u{1}", "none": .null,
      "list": [1, [2]],
    ]
    let manifest = ResultManifest.test([try store.put([1])], facts: facts)
    _ = try store.publish(manifest, as: key)
    let found = try store.lookup(key)
    #expect(found?.outputs["images"]?.facts == facts)
    #expect(found?.outputs["images"]?.digest == manifest.outputs["images"]?.digest)
    #expect(found?.digest == manifest.digest)
  }

  @Test func anArtifactsDigestSeesTypeNamesOrderAndFacts() throws {
    let (one, two) = (ObjectRef(digest: Digest(of: "1"), length: 1), ObjectRef(digest: Digest(of: "2"), length: 1))
    let parts = [Artifact.Part(name: "a", object: one), Artifact.Part(name: "b", object: two)]
    let artifacts = [
      Artifact(type: "samples", parts: parts, facts: .null), Artifact(type: "dataset", parts: parts, facts: .null),
      Artifact(type: "samples", parts: parts.reversed(), facts: .null), Artifact(type: "samples", parts: parts, facts: [:]),
      Artifact(type: "samples", parts: [parts[0]], facts: .null),
      Artifact(type: "samples", parts: [.init(name: "a", object: two), .init(name: "b", object: one)], facts: .null),
    ]
    #expect(Set(artifacts.map(\.digest)).count == artifacts.count)
  }
}
