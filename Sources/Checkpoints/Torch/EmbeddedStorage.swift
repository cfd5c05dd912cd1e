import Basics

/// A storage inside a pickle, as `torch.storage._load_from_bytes` is handed it: a legacy torch stream of its own (see
/// `TorchLegacyFile`) whose object is one storage. Only its few hundred bytes of header are read.
enum EmbeddedStorage {
  static func parse(_ span: Range<Int>, of outer: ByteReader) throws -> StorageReference {
    var pickle = Pickle(try ByteReader(span, of: outer, what: "embedded storage"), holdsStorages: false)
    try TorchLegacyFile.expectPreamble(&pickle)
    let isBigEndian = try TorchLegacyFile.isBigEndian(try pickle.run(), in: pickle)
    guard case .storage(let index) = try pickle.run() else { throw PlumbError("the embedded torch stream does not hold one storage") }
    var storage = pickle.storages[index]
    guard case .node(let node) = try pickle.run(), case .list(let keys) = pickle.heap[node], keys == [.text(storage.key)] else {
      throw PlumbError("the embedded torch stream does not list its one storage", at: "storage \(storage.key)")
    }
    let bits = try pickle.reader.integer(Int64.self)
    let count = Int(isBigEndian ? bits.byteSwapped : bits)
    guard count == storage.recordCount, pickle.reader.remaining == storage.recordByteCount else {
      throw PlumbError(
        "an embedded storage has another length", at: "storage \(storage.key)",
        expected: "\(storage.recordCount) elements of \(storage.dtype)", found: "\(count) elements, \(pickle.reader.remaining) bytes")
    }
    storage.embedding = StorageReference.Embedding(offset: pickle.reader.offset, isBigEndian: isBigEndian)
    return storage
  }
}
