import Basics
import Checkpoints
import FileFaults
import Foundation
import Testing

/// Zips of whole files: what is written is read, by others too, and it is there whole or not at all.
@Suite struct ZipFolderTests {
  private static let files: [(String, [UInt8])] = [
    ("a.txt", Array("one".utf8)), ("empty", []), ("deep/below/ключ.bin", (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }),
  ]

  private static func write(to path: String) throws {
    try ZipFolder.write(path, files.map { ZipFolder.Member($0.0, $0.1) })
  }

  @Test func `files come back in their order, and equal files make an equal zip`() throws {
    try withScratchFolder { folder in
      try Self.write(to: folder + "a.zip")
      let zip = try ZipFolder(path: folder + "a.zip")
      #expect(zip.names == Self.files.map(\.0))
      for (name, bytes) in Self.files { #expect(try zip.read(name) == bytes, "\(name)") }
      usleep(2_100_000)
      try Self.write(to: folder + "b.zip")
      #expect(try AtomicFile.read(folder + "a.zip") == AtomicFile.read(folder + "b.zip"))
    }
  }

  @Test func `whatever fails, there is a whole zip or none, and it is told`() throws {
    var whole: [UInt8] = []
    try withScratchFolder { folder in
      try Self.write(to: folder + "a.zip")
      whole = try AtomicFile.read(folder + "a.zip")
    }
    let trial = try FaultTrial {
      $1 == whole
    } work: {
      try Self.write(to: $0 + "/a.zip")
    }
    #expect(trial.findings.isEmpty, "\(trial.findings.prefix(5))")
    #expect(trial.calls > 10 && trial.told > trial.calls, "\(trial.calls) calls, \(trial.told) told")
  }

  @Test func `an interruption, a member that cannot be read and one that changed leave nothing and are told as they are`() throws {
    try withScratchFolder { folder in
      let good = Self.files.map { ZipFolder.Member($0.0, $0.1) }
      let interrupted = #expect(throws: PlumbError.self) { try ZipFolder.write(folder + "a.zip", good) { true } }
      #expect(interrupted?.kind == .interrupted)
      let missing = ZipFolder.Member("c", length: 3) { try AtomicFile.read(folder + "absent") }
      #expect { try ZipFolder.write(folder + "a.zip", good + [missing]) } throws: { "\($0)".contains("absent") }
      let grown = ZipFolder.Member("c", length: 3) { [1, 2, 3, 4] }
      #expect { try ZipFolder.write(folder + "a.zip", good + [grown]) } throws: { "\($0)".contains("expected 3 bytes, found 4") }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty, "\(left)")
    }
  }
}
