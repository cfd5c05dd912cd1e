import Basics
import Checkpoints
import Foundation
import Testing

/// Every file of the golden collection of hostile files is refused with an error that says where, whatever reader it meets.
@Suite struct HostileFileTests {
  static let files = Golden.files(of: "hostile")

  @Test func theCollectionIsThere() {
    #expect(Self.files.count > 100)
  }

  /// Opens as `CheckpointFile` does, then reads everything.
  static func readAll(_ source: any TensorSource) throws {
    for entry in source.entries { _ = try source.read(entry.name) }
  }

  @Test(arguments: files) func hostileFilesAreRefused(file: Golden.FormatFile) throws {
    let refused = file.facts["expected"]?.text == "refused"
    do {
      try Self.readAll(CheckpointFile.open(file.path))
      #expect(!refused, "\(file.name) was accepted: \(file.facts["wrong"]?.text ?? "")")
    } catch let error as PlumbError {
      #expect(error.place?.hasPrefix(file.path) == true, "\(error)")
    }
  }

  @Test(arguments: files.filter { $0.facts["expected"]?.text == "refused" })
  func theReaderOfTheExtensionRefusesThemToo(file: Golden.FormatFile) throws {
    #expect(throws: PlumbError.self) {
      switch (file.path as NSString).pathExtension {
      case "safetensors": try Self.readAll(SafetensorsFile(path: file.path))
      case "npz": try Self.readAll(NpzFile(path: file.path))
      case "npy": _ = try Npy.parse(AtomicFile.read(file.path))
      case "pth": try Self.readAll(TorchLegacyFile(path: file.path))
      default: try Self.readAll(TorchZipFile(path: file.path))
      }
    }
  }

  @Test func nothingWasRunAndNothingEscaped() throws {
    for file in Self.files { try? Self.readAll(CheckpointFile.open(file.path)) }
    for folder in [FileManager.default.currentDirectoryPath, Golden.formats, Golden.formats + "hostile", "/", "/tmp"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!names.contains { $0 == "PLUMB_HOSTILE_CODE_RAN" || $0.hasPrefix("plumb_escaped") })
    }
  }
}
