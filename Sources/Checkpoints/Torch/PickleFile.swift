public import Basics

/// One pickle stream with the tensors' bytes inside it: the network snapshots of EDM (`network-snapshot-*.pkl`), a dict of
/// persistent objects.
///
/// Tensors of a module are named by its key and their path through the modules, joined by ".":
/// `ema/model.enc.8x8_block0.conv0.weight`. What the modules were made with (`init_kwargs`) and their plain attributes are
/// in `attributes`. The source text such files carry is neither run nor kept.
public struct PickleFile: TensorSource {
  public let entries: [TensorEntry]
  public let attributes: JSONValue

  private let file: any RandomAccessBytes
  private let windows: [String: TensorWindow]

  /// Protocols 2 to 5; a legacy torch stream starts likewise and must have been ruled out.
  static func recognises(_ start: [UInt8]) -> Bool {
    start.count >= 2 && start[0] == PickleOperation.protocolVersion.rawValue && (2...5).contains(start[1])
  }

  /// Opens and checks: the whole pickle but for the tensors' bytes, which are stepped over.
  public init(path: String) throws {
    do {
      try self.init(file: RandomAccessFile(path: path))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  init(file: any RandomAccessBytes) throws {
    var pickle = Pickle(ByteReader(file, what: "pickle"), holdsStorages: true)
    let top = try pickle.run()
    guard pickle.reader.remaining == 0 else {
      throw PlumbError(
        "bytes are left over behind the pickle", at: "byte \(pickle.reader.offset)", found: "\(pickle.reader.remaining) bytes")
    }
    let walk = try PickleWalk(top, of: pickle)
    if let outside = pickle.storages.first(where: { $0.embedding == nil }) {
      throw PlumbError("the pickle refers to a storage outside of it", at: "storage \(outside.key)")
    }
    attributes = walk.attributes
    entries = walk.entries
    windows = walk.windows
    self.file = file
  }

  public func read(_ name: String) throws -> HostTensor {
    guard let window = windows[name], let place = window.storage.embedding else { throw unknownTensor(name, in: file.path) }
    do {
      return try window.tensor(isBigEndian: place.isBigEndian) { try file.read(at: place.offset + $0.lowerBound, count: $0.count) }
    } catch let error as PlumbError {
      throw error.at(name).inFile(file.path)
    }
  }
}
