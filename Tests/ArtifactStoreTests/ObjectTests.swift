import ArtifactStore
import Basics
import Foundation
import Testing

@Suite struct ObjectTests {
  private let folder: ScratchFolder
  private let store: ArtifactStore

  init() throws {
    folder = try ScratchFolder()
    store = ArtifactStore(root: folder.path + "/store")
  }

  private func isDamaged(_ object: ObjectRef, in store: ArtifactStore) -> Bool {
    do {
      _ = try store.read(object)
      return false
    } catch let error as PlumbError {
      return error.kind == .damagedObject
    } catch {
      return false
    }
  }

  @Test func anObjectIsNamedByItsSHA256AndReadOnly() throws {
    let object = try store.put(Array("abc".utf8))
    // FIPS 180-4, the one-block example.
    let path = "store/objects/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(folder.files == [path])
    #expect(object.length == 3)
    let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o333 } == 0)
    #expect(try store.read(object) == Array("abc".utf8))
  }

  @Test func openingAndLookingCreatesNothing() throws {
    #expect(try store.lookup(.test("nothing")) == nil)
    #expect(store.runs(newest: 5).isEmpty)
    #expect(try store.statistics() == StoreStatistics())
    #expect(try store.verify().isSound)
    #expect(!FileManager.default.fileExists(atPath: store.root))
  }

  @Test func piecesAndWholeGiveTheSameObject() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7919) }
    let writer = try store.objectWriter()
    for start in stride(from: 0, to: bytes.count, by: 700_001) { try writer.write(Array(bytes[start..<min(start + 700_001, bytes.count)])) }
    let object = try writer.finish()
    #expect(try store.put(bytes) == object)
    #expect(try store.read(object) == bytes)
    #expect(folder.files.count == 1)
    #expect(throws: PlumbError.self) { try writer.finish() }
  }

  @Test func theEmptyObjectIsAnObject() throws {
    let object = try store.put([])
    #expect(try store.read(object) == [])
    #expect(store.path(object.digest).hasSuffix("/e3/b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
  }

  @Test func aWriterThatIsLetGoOfLeavesNothing() throws {
    do {
      let writer = try store.objectWriter()
      try writer.write([1, 2, 3])
      #expect(folder.files(under: "store/tmp").count == 1)
    }
    #expect(folder.files.isEmpty)
  }

  @Test(arguments: ["short", "flipped", "long"])
  func aDamagedObjectIsSetAsideAndCanBeWrittenAgain(damage: String) throws {
    let bytes = Array("the right bytes".utf8)
    let object = try store.put(bytes)
    let path = store.path(object.digest)
    try ScratchFolder.overwrite(
      path, damage == "short" ? Array(bytes.dropLast()) : damage == "long" ? bytes + [0] : [1] + bytes.dropFirst())
    #expect(isDamaged(object, in: store))
    #expect(folder.files(under: "store/quarantine").count == 1)
    #expect(folder.files(under: "store/objects").isEmpty)
    #expect(isDamaged(object, in: store))
    #expect(try store.put(bytes) == object)
    #expect(try store.read(object) == bytes)
  }

  @Test func writingAnObjectAgainHealsADamagedOne() throws {
    let bytes = Array("the right bytes".utf8)
    let object = try store.put(bytes)
    try ScratchFolder.overwrite(store.path(object.digest), Array("the wrong bytes".utf8))
    #expect(try store.put(bytes) == object)
    #expect(try store.read(object) == bytes)
    #expect(folder.files(under: "store/quarantine").count == 1)
  }

  /// Flips a bit of a file in place: whoever has it open sees it.
  private func flip(_ object: ObjectRef, at offset: UInt64) throws {
    chmod(store.path(object.digest), 0o644)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: store.path(object.digest)))
    try file.seek(toOffset: offset)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: offset)
    try file.write(contentsOf: Data([byte ^ 1]))
  }

  @Test func aBitThatFlipsAfterTheFirstReadIsNoticedAtTheNextAndWritingHealsIt() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7919) }
    let object = try store.put(bytes)
    #expect(try store.read(object) == bytes)
    try flip(object, at: 700_000)
    #expect(isDamaged(object, in: store))
    #expect(try store.put(bytes) == object)
    try flip(object, at: 5)
    #expect(try store.put(bytes) == object, "written again it is compared with what is there")
    #expect(try store.read(object) == bytes)
    #expect(folder.files(under: "store/quarantine").count == 2)
  }

  @Test func aBitThatFlipsInAnOpenObjectIsNotHandedOut() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 104_729) }
    let object = try store.put(bytes)
    let opened = try store.open(object)
    #expect(try opened.read(at: 300_000, count: 600_000) == Array(bytes[300_000..<900_000]))
    #expect(try opened.read(at: 999_999, count: 1) == [bytes[999_999]])
    #expect(try opened.read(at: 1_000_000, count: 0) == [])
    #expect(throws: PlumbError.self) { try opened.read(at: 999_999, count: 2) }
    try flip(object, at: 300_001)
    #expect(try opened.read(at: 0, count: 1000) == Array(bytes[..<1000]), "another piece")
    let error = #expect(throws: PlumbError.self) { try opened.read(at: 299_000, count: 10) }
    #expect(error?.kind == .damagedObject, "its piece holds the flipped bit")
    #expect(folder.files(under: "store/quarantine").count == 1)
  }

  @Test func aCopyHoldsTheBytesOfTheObjectOrIsNotThere() throws {
    let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let object = try store.put(bytes)
    let path = folder.path + "/copy"
    try store.copy(object, to: path)
    #expect(try AtomicFile.read(path) == bytes)
    #expect(throws: PlumbError.self, "what is there is not replaced") { try store.copy(object, to: path) }
    #expect(try AtomicFile.read(path) == bytes)
    try flip(object, at: 599_999)
    let error = #expect(throws: PlumbError.self) { try store.copy(object, to: path + "2") }
    #expect(error?.kind == .damagedObject)
    #expect(!FileManager.default.fileExists(atPath: path + "2"))
  }

  @Test func lengthIsChecked() throws {
    let object = try store.put([1, 2, 3, 4])
    #expect(try store.read(object) == [1, 2, 3, 4])
    try ScratchFolder.overwrite(store.path(object.digest), [1, 2])
    #expect(isDamaged(object, in: store))
  }

  @Test func manyThreadsKeepTheSameAndDifferentObjects() throws {
    let store = store
    DispatchQueue.concurrentPerform(iterations: 64) { index in
      _ = try? store.put([UInt8](repeating: UInt8(index % 8), count: 10_000))
    }
    #expect(folder.files.count == 8)
    #expect(try store.verify().objectsChecked == 8)
    #expect(try store.verify().isSound)
  }

  @Test func oldLeftOversOfDeadWritersAreSweptAtTheFirstWrite() throws {
    try FileManager.default.createDirectory(atPath: store.root + "/tmp", withIntermediateDirectories: true)
    // No process has the largest process number; this process lives.
    let host = try #require(try hostOfATemporaryFile())
    let dead = "\(host).\(Int32.max).1"
    let alive = "\(host).\(getpid()).2"
    let young = "\(host).\(Int32.max).3"
    let foreign = "elsewhere.1.4"
    for name in [dead, alive, young, foreign] { try Data([1]).write(to: URL(fileURLWithPath: "\(store.root)/tmp/\(name)")) }
    for name in [dead, alive, foreign] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: "\(store.root)/tmp/\(name)")
    }
    _ = try store.put([1])
    #expect(folder.files(under: "store/tmp").map { ($0 as NSString).lastPathComponent }.sorted() == [alive, young].sorted())
  }

  @Test func `a folder that a dead process worked in is swept with all it holds, also what was made unreadable`() throws {
    let host = try #require(try hostOfATemporaryFile())
    let work = "\(store.root)/tmp/\(host).\(Int32.max).9"
    try FileManager.default.createDirectory(atPath: work + "/closed/deep", withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: work + "/closed/deep/file"))
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: work + "/closed")
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: work)
    let own = try store.makeWorkFolder()
    #expect(!FileManager.default.fileExists(atPath: work))
    #expect(FileManager.default.fileExists(atPath: own))
  }

  private func hostOfATemporaryFile() throws -> String? {
    let other = try ScratchFolder()
    let writer = try ArtifactStore(root: other.path).objectWriter()
    defer { _ = writer }
    return other.files.first?.split(separator: "/").last?.split(separator: ".").first.map(String.init)
  }
}
