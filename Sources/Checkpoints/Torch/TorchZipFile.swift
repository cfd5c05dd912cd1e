public import Basics

/// A checkpoint of `torch.save` since PyTorch 1.6: a zip with `data.pkl` and one record of raw bytes per storage.
///
/// Tensors are named by their path from the top object, joined by "/": `time_embed.0.weight` in a plain state dict,
/// `ema/blocks.0.weight` in a dict of state dicts, `0/module.conv.weight` in a list.
public struct TorchZipFile: TensorSource {
  public let entries: [TensorEntry]
  public let attributes: JSONValue

  private let archive: ZipArchive
  private let folder: String
  private let isBigEndian: Bool
  private let windows: [String: TensorWindow]

  /// Opens and checks: the zip's structure, the pickle, and that every storage has its bytes.
  public init(path: String) throws {
    do {
      try self.init(archive: ZipArchive(file: RandomAccessFile(path: path)))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  package init(archive: ZipArchive) throws {
    let pickles = archive.entries.filter { $0.name.hasSuffix("/data.pkl") }
    guard let record = pickles.first, pickles.count == 1 else {
      throw PlumbError("not a torch checkpoint", expected: "one data.pkl in the zip", found: "\(pickles.count)")
    }
    self.archive = archive
    folder = String(record.name.dropLast("data.pkl".count))
    isBigEndian = try Self.isBigEndian(archive, folder: folder)
    do {
      var pickle = Pickle(try archive.readWhole(record, limit: Pickle.sizeLimit))
      let walk = try PickleWalk(pickle.run(), of: pickle)
      attributes = walk.attributes
      entries = walk.entries
      windows = walk.windows
      for storage in Set(pickle.tensors.map(\.storage)) { _ = try Self.record(of: storage, in: archive, folder: folder) }
    } catch let error as PlumbError {
      throw error.at(record.name)
    }
  }

  public func read(_ name: String) throws -> HostTensor {
    guard let window = windows[name] else { throw unknownTensor(name, in: archive.file.path) }
    do {
      let record = try Self.record(of: window.storage, in: archive, folder: folder)
      return try window.tensor(isBigEndian: isBigEndian) { try archive.read(record, $0) }
    } catch let error as PlumbError {
      throw error.at(name).inFile(archive.file.path)
    }
  }

  /// The record of a storage; its size must be the one its persistent id claims.
  private static func record(of storage: StorageReference, in archive: ZipArchive, folder: String) throws -> ZipEntry {
    guard let entry = archive["\(folder)data/\(storage.key)"] else {
      throw PlumbError("the zip has no record of storage \(storage.key)", expected: "\(folder)data/\(storage.key)")
    }
    guard entry.size == storage.recordByteCount else {
      throw PlumbError(
        "a storage record has the wrong size", at: entry.name,
        expected: "\(storage.recordByteCount) bytes (\(storage.recordCount) \(storage.dtype))",
        found: "\(entry.size)")
    }
    return entry
  }

  /// Files without the record `byteorder` are older than it, and little-endian.
  private static func isBigEndian(_ archive: ZipArchive, folder: String) throws -> Bool {
    guard let record = archive["\(folder)byteorder"] else { return false }
    switch String(decoding: try archive.readWhole(record, limit: 16), as: UTF8.self) {
    case "little": return false
    case "big": return true
    case let other: throw PlumbError("unknown byte order", at: record.name, expected: "little or big", found: other)
    }
  }
}
