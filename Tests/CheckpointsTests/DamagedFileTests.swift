import Basics
import Checkpoints
import Foundation
import Testing

/// Damage to an honest checkpoint, byte by byte and cut by cut.
@Suite struct DamagedFileTests {
  static let honest = Golden.formats + "torch_zip_layout/top_folder.pt"

  /// Opens and reads all of `bytes` written to a file.
  private func readAll(_ bytes: [UInt8]) throws {
    try withScratchFolder { folder in
      try AtomicFile.write(bytes, to: folder + "damaged")
      try HostileFileTests.readAll(CheckpointFile.open(folder + "damaged"))
    }
  }

  @Test func aTorchZipCutAnywhereIsRefused() throws {
    let bytes = try AtomicFile.read(Self.honest)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: PlumbError.self, "\(length) of \(bytes.count) bytes") { try readAll(Array(bytes.prefix(length))) }
    }
  }

  @Test func aTorchZipWithoutItsStartIsRefused() throws {
    let bytes = try AtomicFile.read(Self.honest)
    for length in [1, 4, 64, 512] {
      #expect(throws: PlumbError.self) { try readAll(Array(bytes.dropFirst(length))) }
    }
  }

  @Test func bytesInFrontOfAZipAreRefused() throws {
    let bytes = try AtomicFile.read(Self.honest)
    #expect(throws: PlumbError.self) { try readAll([0x50, 0x4B, 0x03, 0x04] + bytes) }
  }

  /// Any single wrong byte is either harmless (padding, checksums, values) or a `PlumbError`: never a trap.
  @Test func noSingleWrongByteTraps() throws {
    let bytes = try AtomicFile.read(Golden.formats + "torch_zip_layout/minimal.pt")
    try withScratchFolder { folder in
      for position in bytes.indices {
        var damaged = bytes
        damaged[position] ^= position % 2 == 0 ? 0xFF : 0x01
        try Data(damaged).write(to: URL(filePath: folder + "damaged"))
        do {
          try HostileFileTests.readAll(CheckpointFile.open(folder + "damaged"))
        } catch is PlumbError {}
      }
    }
  }

  @Test func noSingleWrongByteInALegacyStreamTraps() throws {
    let bytes = try AtomicFile.read(Golden.formats + "torch_legacy_stream/legacy_flat.pth")
    try withScratchFolder { folder in
      for position in bytes.indices {
        var damaged = bytes
        damaged[position] ^= position % 2 == 0 ? 0xFF : 0x04
        try Data(damaged).write(to: URL(filePath: folder + "damaged"))
        do {
          try HostileFileTests.readAll(TorchLegacyFile(path: folder + "damaged"))
        } catch is PlumbError {}
      }
    }
  }

  @Test func aSafetensorsCutAnywhereIsRefused() throws {
    let bytes = try AtomicFile.read(Golden.formats + "safetensors/order.safetensors")
    for length in bytes.indices {
      #expect(throws: PlumbError.self) { try Safetensors.decode(Array(bytes.prefix(length))) }
    }
  }

  @Test func anOversizedSafetensorsHeaderIsRefusedBeforeMemoryIsTaken() throws {
    var bytes = try Safetensors.encode([("a", HostTensor(floats: [1], shape: [1]))])
    bytes[6] = 0x7F
    let error = #expect(throws: PlumbError.self) { try Safetensors.decode(bytes) }
    #expect(error?.description.contains("header is longer") == true)
  }

  @Test func aTruncatedNpzOfDeflatedMembersIsRefused() throws {
    let bytes = try AtomicFile.read(Golden.formats + "npz/deflated.npz")
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: PlumbError.self) { try readAll(Array(bytes.prefix(length))) }
    }
  }

  @Test func aDeflatedMemberWithAWrongByteIsRefusedByItsChecksum() throws {
    let path = Golden.formats + "npz/deflated.npz"
    let bytes = try AtomicFile.read(path)
    let archive = try ZipArchive(file: RandomAccessFile(path: path))
    let member = try #require(archive["u1.npy"])
    #expect(member.method == .deflated)
    var damaged = bytes
    damaged[member.dataOffset + member.compressedSize - 3] ^= 0x10
    #expect(throws: PlumbError.self) { try readAll(damaged) }
  }

  @Test func theErrorSaysWhatWasExpectedWhatWasFoundAndWhere() throws {
    let error = #expect(throws: PlumbError.self) { _ = try CheckpointFile.open(Golden.formats + "hostile/storage_short.pt") }
    #expect(error?.place?.contains("storage_short.pt") == true)
    #expect(error?.expected == "16 bytes (4 float32)")
    #expect(error?.found == "10")
  }

  @Test func aPickleThatCallsAFunctionNamesIt() throws {
    let error = #expect(throws: PlumbError.self) { _ = try CheckpointFile.open(Golden.formats + "hostile/os_system.pt") }
    #expect(error?.found == "posix.system")
  }

  @Test func anErrorIsShortAndCannotSteerTheTerminal() throws {
    let long = String(repeating: "é", count: 100_000)
    for (name, code) in [("a\\u001b[31m" + long, "F32"), ("a", "\\u0007" + long)] {
      let header = Array("{\"\(name)\":{\"dtype\":\"\(code)\",\"shape\":[1],\"data_offsets\":[0,5]}}".utf8)
      var bytes: [UInt8] = []
      bytes.append(littleEndian: UInt64(header.count))
      let error = #expect(throws: PlumbError.self) { try readAll(bytes + header + [0, 0, 0, 0, 0]) }
      let text = error?.description ?? ""
      #expect(text.count < 2000 && text.contains("\\u{") && !text.unicodeScalars.contains { $0.value < 32 })
    }
  }
}
