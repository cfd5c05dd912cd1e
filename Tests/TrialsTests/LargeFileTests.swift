import Basics
import Checkpoints
import Foundation
import Testing
import Trials

/// Files of 2 GiB, all holes, so that they take no space: what is read of them, and what memory that takes.
@Suite struct LargeFileTests {
  private static let tensorSize = 1 << 26
  private static let entries = (0..<32).map { TensorEntry(name: "layer.\($0).weight", dtype: .float32, shape: [4096, 4096]) }

  private func safetensors(at path: String) throws {
    let header = try Safetensors.header(of: Self.entries, metadata: [:])
    try AtomicFile.write(header, to: path)
    try #require(truncate(path, off_t(header.count + Self.entries.count * Self.tensorSize)) == 0)
  }

  private func torchZip(at path: String) throws {
    let writer = try SparseZip(path: path)
    try writer.add("m/data.pkl", TorchZipWriter.pickle(Self.entries))
    for index in Self.entries.indices { try writer.addHole("m/data/\(index)", size: Self.tensorSize) }
    try writer.finish()
  }

  private func withFiles(_ body: (String) throws -> Void) throws {
    let folder = try Scratch()
    try safetensors(at: folder.path + "/a.safetensors")
    try torchZip(at: folder.path + "/a.pt")
    for name in ["a.safetensors", "a.pt"] { try body(folder.path + "/" + name) }
  }

  @Test func openingReadsTheDirectoryAndATensorItsOwnBytes() throws {
    try withFiles { path in
      let file = try RandomAccessFile(path: path)
      #expect(file.size > 1 << 31)
      let source: any TensorSource =
        path.hasSuffix(".pt") ? try TorchZipFile(archive: ZipArchive(file: file)) : try SafetensorsFile(file: file)
      #expect(source.entries.map(\.name).sorted() == Self.entries.map(\.name).sorted())
      let directory = file.bytesRead.load(ordering: .relaxed)
      #expect(directory < 100_000, "\(path)")
      #expect(try source.read("layer.17.weight").bytes.count == Self.tensorSize)
      #expect(file.bytesRead.load(ordering: .relaxed) == directory + Self.tensorSize)
    }
  }

  /// All 2 GiB, one tensor after the other, with memory for one and a half.
  @Test func everyTensorIsInMemoryOnce() throws {
    try withFiles { path in
      let folder = try Scratch()
      // Two gigabytes are read and hashed; how long that takes is not what is looked at.
      let ending = try TrialProcess.run(path, in: folder.path, memory: Self.tensorSize * 3 / 2, timeout: 600)
      #expect(ending == .accepted, "\(path): \(ending)")
      // The limit is one: half a tensor is not enough.
      guard case .failed = try TrialProcess.run(path, in: folder.path, memory: Self.tensorSize / 2) else {
        Issue.record("memory was not limited")
        return
      }
    }
  }

  @Test func aFileCutOffWhileItIsOpenIsAnError() throws {
    try withFiles { path in
      let source = try CheckpointFile.open(path)
      try #require(truncate(path, 4096) == 0)
      let error = #expect(throws: PlumbError.self) { try source.read("layer.31.weight") }
      #expect(error?.message.contains("shorter") == true)
    }
  }
}

/// A zip of stored members some of which are holes.
private final class SparseZip {
  private let file: FileHandle
  private var offset = 0
  private var directory: [UInt8] = []
  private var count = 0

  init(path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    file = try #require(FileHandle(forWritingAtPath: path))
  }

  func add(_ name: String, _ bytes: [UInt8]) throws {
    try addHole(name, size: bytes.count)
    try file.seek(toOffset: UInt64(offset - bytes.count))
    try file.write(contentsOf: bytes)
  }

  func addHole(_ name: String, size: Int) throws {
    let parts = ZipParts([(name, [])]).encoded
    var header = Array(parts.prefix(30 + name.utf8.count))
    let start = header.count
    var record = Array(parts[start..<start + 46 + name.utf8.count])
    for byte in 0..<4 {
      for field in [18, 22] { header[field + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
      for field in [20, 24] { record[field + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte)) }
      record[42 + byte] = UInt8(truncatingIfNeeded: offset >> (8 * byte))
    }
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: header)
    directory += record
    offset += header.count + size
    count += 1
  }

  func finish() throws {
    try file.seek(toOffset: UInt64(offset))
    var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    for value in [count, count] { end.append(littleEndian: UInt16(value)) }
    for value in [directory.count, offset] { end.append(littleEndian: UInt32(value)) }
    try file.write(contentsOf: directory + end + [0, 0])
    try file.close()
  }
}

/// A folder that is removed with the value that owns it.
final class Scratch {
  let path = FileManager.default.temporaryDirectory.path + "/plumb-trials-\(UUID().uuidString)"

  init() throws { try AtomicFile.makeDirectory(path) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
