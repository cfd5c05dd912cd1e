public import Basics

/// A checkpoint of `torch.save` before PyTorch 1.6: five pickles (magic number, protocol, system, object, storage keys),
/// then for every key an element count and raw bytes. Tensors are named as in `TorchZipFile`.
public struct TorchLegacyFile: TensorSource {
  public let entries: [TensorEntry]
  public let attributes: JSONValue

  private let file: any RandomAccessBytes
  private let isBigEndian: Bool
  private let windows: [String: TensorWindow]
  /// Where the bytes of a storage's record start.
  private let offsets: [String: Int]

  /// 0x1950a86a20f9469cfc6c, little-endian.
  static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  static func recognises(_ start: [UInt8]) -> Bool {
    guard start.first == 0x80 else { return false }
    var pickle = Pickle(start)
    return (try? pickle.run()) == .wideInteger(magic)
  }

  /// Opens and checks: the pickles, and that every storage has its bytes.
  public init(path: String) throws {
    do {
      try self.init(file: RandomAccessFile(path: path))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  init(file: any RandomAccessBytes) throws {
    var pickle = Pickle(ByteReader(file, what: "pickle"), holdsStorages: false)
    try Self.expectPreamble(&pickle)
    isBigEndian = try Self.isBigEndian(try pickle.run(), in: pickle)
    let walk = try PickleWalk(pickle.run(), of: pickle)
    guard case .node(let index) = try pickle.run(), case .list(let keys) = pickle.heap[index] else {
      throw PlumbError("the torch stream has no list of storages", at: "byte \(pickle.reader.offset)")
    }
    offsets = try Self.locate(keys, of: pickle.tensors, in: file, from: pickle.reader.offset, isBigEndian: isBigEndian)
    attributes = walk.attributes
    entries = walk.entries
    windows = walk.windows
    self.file = file
  }

  public func read(_ name: String) throws -> HostTensor {
    guard let window = windows[name], let start = offsets[window.storage.key] else { throw unknownTensor(name, in: file.path) }
    do {
      return try window.tensor(isBigEndian: isBigEndian) { try file.read(at: start + $0.lowerBound, count: $0.count) }
    } catch let error as PlumbError {
      throw error.at(name).inFile(file.path)
    }
  }

  /// Reads the first two pickles, the magic number and the version.
  static func expectPreamble(_ pickle: inout Pickle) throws {
    guard try pickle.run() == .wideInteger(magic) else { throw PlumbError("not a torch stream: wrong magic number") }
    guard try pickle.run() == .integer(1001) else { throw PlumbError("unsupported version of a torch stream", expected: "1001") }
  }

  static func isBigEndian(_ system: PickleValue, in pickle: Pickle) throws -> Bool {
    guard let pair = pickle.dictionary(system)?.last(where: { $0.key == .text("little_endian") }), case .bool(let isLittle) = pair.value
    else { throw PlumbError("the torch stream does not tell its byte order") }
    return !isLittle
  }

  /// Walks over the storages behind the pickles; a storage's element size is known from the tensors that use it.
  private static func locate(
    _ keys: [PickleValue], of tensors: [TensorWindow], in file: any RandomAccessBytes, from start: Int, isBigEndian: Bool
  ) throws -> [String: Int] {
    var storages: [String: StorageReference] = [:]
    for tensor in tensors { storages[tensor.storage.key] = tensor.storage }
    var offsets: [String: Int] = [:]
    var offset = start
    for key in keys {
      guard case .text(let key) = key, let storage = storages[key], offsets[key] == nil else {
        throw PlumbError("the torch stream lists a storage that no tensor uses, or one twice", at: "byte \(offset)")
      }
      var reader = ByteReader(try file.read(at: offset, count: 8), what: "storage \(key)")
      let bits = try reader.integer(Int64.self)
      let count = Int(isBigEndian ? bits.byteSwapped : bits)
      guard count == storage.recordCount, file.contains(offset: offset + 8, count: storage.recordByteCount) else {
        throw PlumbError(
          "a storage of the torch stream is cut off or has another length", at: "storage \(key), byte \(offset)",
          expected: "\(storage.recordCount) elements of \(storage.dtype)", found: "\(count) elements, \(file.size - offset - 8) bytes")
      }
      offsets[key] = offset + 8
      offset += 8 + storage.recordByteCount
    }
    for storage in storages.values where offsets[storage.key] == nil {
      throw PlumbError("the torch stream has no bytes of storage \(storage.key)")
    }
    return offsets
  }
}
