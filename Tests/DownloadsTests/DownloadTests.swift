import Basics
import Downloads
import FileFaults
import Foundation
import Testing

@Suite struct DownloadTests {
  private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

  /// Runs `body` with a server, and a folder that goes away.
  private func with(
    _ behaviour: FileServer.Behaviour = .init(), sha256: Digest = Digest(of: content), _ body: (FileServer, Download) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/plumb-downloads-\(UUID().uuidString)"
    let server = FileServer(Self.content, behaviour)
    defer {
      server.stop()
      try? FileManager.default.removeItem(atPath: folder)
    }
    try body(server, Download(url: server.url, sha256: sha256, folder: folder))
  }

  private func names(_ download: Download) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: download.folder)) ?? []).sorted()
  }

  /// What `body` throws, as text.
  private func failure(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "no error"
  }

  @Test func aFileComesOnceAndUnderItsDigest() throws {
    try with { server, download in
      var last: Download.Progress?
      let path = try download.fetch(progress: { last = $0 })
      #expect(try AtomicFile.read(path) == Self.content)
      #expect(last?.total == Self.content.count, "the size the server told is passed on")
      #expect(names(download) == [download.sha256.hex], "nothing else is left in the folder")
      try download.fetch()
      #expect(server.ranges.count == 1, "a file that is there is not fetched again")
    }
  }

  @Test func `whatever fails while a file is fetched, what has its name is the file`() throws {
    let source = FileManager.default.temporaryDirectory.path + "/plumb-source-\(UUID().uuidString)"
    try AtomicFile.write(Self.content, to: source)
    defer { unlink(source) }
    let digest = Digest(of: Self.content)
    let trial = try FaultTrial(step: 3) { name, bytes in
      name.hasSuffix(".part") || name == "downloads/\(digest.hex)" && bytes == Self.content
    } work: { folder in
      try Download(url: "file://" + source, sha256: digest, folder: folder + "/downloads").fetch()
    }
    #expect(trial.findings.isEmpty, "\(trial.findings.prefix(5))")
    #expect(trial.calls > 10 && trial.told > trial.calls / 3)
  }

  @Test func aCutConnectionIsTakenUpWhereItBroke() throws {
    try with(.init(cuts: [100_000, 50_000])) { server, download in
      let path = try download.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
      #expect(server.ranges == ["", "bytes=100000-", "bytes=150000-"])
    }
  }

  @Test func aLaterCallGoesOnFromWhatAnEarlierOneLeft() throws {
    try with(.init(cuts: [100_000])) { server, download in
      var patience = Download.Patience()
      patience.resumptions = 0
      let said = failure { _ = try download.fetch(patience: patience) }
      #expect(said.contains("broke off") && said.contains("100000 bytes"), "\(said)")
      #expect(names(download) == [download.sha256.hex + ".part"])
      let path = try download.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
      #expect(server.ranges == ["", "bytes=100000-"])
    }
  }

  @Test func aServerWithoutRangesSendsTheFileAgain() throws {
    try with(.init(knowsRanges: false, cuts: [100_000])) { server, download in
      let path = try download.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
      #expect(server.ranges == ["", "bytes=100000-"])
    }
  }

  @Test func wrongContentIsRefusedAndNotKept() throws {
    let wanted = Digest(of: "something else")
    try with(sha256: wanted) { _, download in
      let said = failure { _ = try download.fetch() }
      #expect(said.contains("does not have the expected content") && said.contains(wanted.hex), "\(said)")
      #expect(said.contains(Digest(of: Self.content).hex), "the digest found is named")
      #expect(names(download).isEmpty, "neither file nor part is kept")
    }
  }

  @Test func aPartLongerThanTheFileIsBegunAgain() throws {
    try with { server, download in
      try AtomicFile.makeDirectory(download.folder)
      try AtomicFile.write([UInt8](repeating: 7, count: Self.content.count), to: download.path + ".part")
      let path = try download.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
      #expect(server.ranges == ["bytes=300000-", ""])
    }
  }

  @Test func aWholePartIsOnlyVerified() throws {
    try with { _, download in
      try AtomicFile.makeDirectory(download.folder)
      try AtomicFile.write(Self.content, to: download.path + ".part")
      let path = try download.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
    }
  }

  @Test(arguments: [404, 403, 500]) func aRefusalNamesTheStatusAndTheAddress(_ status: Int) throws {
    try with(.init(status: status)) { server, download in
      let said = failure { _ = try download.fetch() }
      #expect(said.contains("\(status)") && said.contains(server.url), "\(said)")
      #expect(!download.isPresent)
    }
  }

  @Test func redirectsComeToAnEnd() throws {
    try with(.init(redirects: true)) { server, download in
      #expect(failure { _ = try download.fetch() }.contains("redirects"))
      #expect(server.ranges.count == 11)
    }
  }

  @Test func cancellingEndsATransferThatHangs() throws {
    try with(.init(hangs: true)) { _, download in
      let error = #expect(throws: PlumbError.self) { _ = try download.fetch(isCancelled: { true }) }
      #expect(error?.kind == .interrupted)
    }
  }

  @Test func aTransferThatStallsIsGivenUp() throws {
    try with(.init(hangs: true)) { _, download in
      var patience = Download.Patience()
      (patience.slowTime, patience.resumptions) = (1, 0)
      #expect(failure { _ = try download.fetch(patience: patience) }.contains("broke off"))
    }
  }

  @Test func filesOfTheMachineAreAddressesToo() throws {
    try with { _, download in
      try AtomicFile.makeDirectory(download.folder)
      let original = download.folder + "/original"
      try AtomicFile.write(Self.content, to: original)
      let local = try Download(url: "file://" + original, sha256: download.sha256, folder: download.folder)
      let path = try local.fetch()
      #expect(try AtomicFile.read(path) == Self.content)
      let absent = try Download(url: "file:///no/such/file", sha256: Digest(of: "x"), folder: download.folder)
      #expect(failure { _ = try absent.fetch() }.contains("cannot be downloaded"))
    }
  }

  @Test(arguments: ["ftp://host/x", "weights.pt", "http://", "file://host/x", "https://host/a b", "gopher://x"])
  func otherAddressesAreRefused(
    _ url: String
  ) {
    #expect(throws: PlumbError.self) { try Download(url: url, sha256: Digest(of: "x"), folder: "/tmp") }
  }
}
