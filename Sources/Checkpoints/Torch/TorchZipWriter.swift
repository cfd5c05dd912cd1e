public import Basics

/// Writes a state dict as `torch.save` does: a zip of stored records, the dict in a pickle of protocol 2, one storage a
/// tensor. Tensors are handed over one at a time, so a checkpoint may be larger than memory.
///
///     let writer = try TorchZipWriter(path: "weights.pt", entries: entries)
///     for tensor in tensors { try writer.append(tensor) }
///     try writer.finish()
///
/// The file appears under its name when it is finished; a writer that is dropped before leaves nothing.
public final class TorchZipWriter {
  private let zip: ZipWriter
  private let folder: String
  private let entries: [TensorEntry]
  private var written = 0

  /// Writes the pickle. `folder` is the top folder inside the zip (torch names it after the file).
  public convenience init(path: String, folder: String = "archive", entries: [TensorEntry]) throws {
    try self.init(zip: ZipWriter(path: path), folder: folder, entries: entries)
  }

  package init(zip: ZipWriter, folder: String, entries: [TensorEntry]) throws {
    self.zip = zip
    self.folder = folder
    self.entries = entries
    guard Set(entries.map(\.name)).count == entries.count else { throw PlumbError("two tensors of one name in a state dict") }
    try zip.add("\(folder)/data.pkl", Self.pickle(entries))
    try zip.add("\(folder)/byteorder", Array("little".utf8))
  }

  /// Writes the next tensor; it must be what `entries` announced in this place.
  public func append(_ tensor: HostTensor) throws {
    guard written < entries.count else { throw PlumbError("more tensors than announced", found: "\(entries.count + 1)") }
    let entry = entries[written]
    guard entry.dtype == tensor.dtype, entry.shape == tensor.shape else {
      throw PlumbError(
        "not the tensor that was announced", at: entry.name, expected: "\(entry.dtype) \(entry.shape)",
        found: "\(tensor.dtype) \(tensor.shape)")
    }
    try zip.add("\(folder)/data/\(written)", tensor.bytes)
    written += 1
  }

  /// Completes the file. Throws when tensors are missing.
  public func finish() throws {
    guard written == entries.count else { throw PlumbError("tensors are missing", expected: "\(entries.count)", found: "\(written)") }
    try zip.add("\(folder)/version", Array("3\n".utf8))
    try zip.finish()
  }

  /// `OrderedDict()`, then SETITEMS of name and `_rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())`.
  package static func pickle(_ entries: [TensorEntry]) throws -> [UInt8] {
    var pickle = PickleWriter()
    pickle.operation(.protocolVersion, 2)
    pickle.emptyOrderedDictionary()
    pickle.operation(.mark)
    for (key, entry) in entries.enumerated() {
      guard let storage = StorageReference.dtypes.first(where: { $0.value == entry.dtype })?.key else {
        throw PlumbError("torch has no storage of this dtype", at: entry.name, found: "\(entry.dtype)")
      }
      let count = try HostTensor.elementCount(entry.shape)
      var strides: [Int] = []
      var step = 1
      for extent in entry.shape.reversed() {
        strides.append(step)
        step &*= max(extent, 1)
      }
      pickle.text(entry.name)
      pickle.global("torch._utils", "_rebuild_tensor_v2")
      pickle.operation(.mark)
      pickle.operation(.mark)
      pickle.text("storage")
      pickle.global("torch", storage)
      pickle.text(String(key))
      pickle.text("cpu")
      pickle.integer(count)
      pickle.operation(.tuple)
      pickle.operation(.persistentID)
      pickle.integer(0)
      pickle.tuple(entry.shape)
      pickle.tuple(strides.reversed())
      pickle.operation(.pushFalse)
      pickle.emptyOrderedDictionary()
      pickle.operation(.tuple)
      pickle.operation(.reduce)
    }
    pickle.operation(.setItems)
    pickle.operation(.stop)
    return pickle.bytes
  }
}

/// The few opcodes a state dict is written with.
private struct PickleWriter {
  var bytes: [UInt8] = []

  mutating func operation(_ operation: PickleOperation, _ argument: UInt8...) {
    bytes.append(operation.rawValue)
    bytes += argument
  }

  mutating func text(_ text: String) {
    operation(.text32)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: text.utf8.count))
    bytes += Array(text.utf8)
  }

  mutating func global(_ module: String, _ name: String) {
    operation(.global)
    bytes += Array("\(module)\n\(name)\n".utf8)
  }

  mutating func integer(_ number: Int) {
    if let narrow = Int32(exactly: number) {
      operation(.integer32)
      bytes.append(littleEndian: narrow)
    } else {
      operation(.long1, 8)
      bytes.append(littleEndian: number)
    }
  }

  mutating func tuple(_ numbers: [Int]) {
    operation(.mark)
    for number in numbers { integer(number) }
    operation(.tuple)
  }

  mutating func emptyOrderedDictionary() {
    global("collections", "OrderedDict")
    operation(.emptyTuple)
    operation(.reduce)
  }
}
