public import Basics

/// Writes safetensors without holding the tensors: header first, then one tensor at a time.
///
///     var writer = try SafetensorsWriter(entries: entries, metadata: [:]) { try file.write($0) }
///     for tensor in tensors { try writer.append(tensor) }
///     try writer.finish()
public struct SafetensorsWriter {
  private let entries: [TensorEntry]
  private let sink: ([UInt8]) throws -> Void
  private var written = 0

  /// Hands the header to `sink`. Throws on a name that occurs twice.
  public init(entries: [TensorEntry], metadata: [String: String] = [:], sink: @escaping ([UInt8]) throws -> Void) throws {
    self.entries = entries
    self.sink = sink
    try sink(Safetensors.header(of: entries, metadata: metadata))
  }

  /// Hands over the next tensor's bytes; it must be what the header announced in this place.
  public mutating func append(_ tensor: HostTensor) throws {
    guard written < entries.count else { throw PlumbError("more tensors than the header announced", found: "\(entries.count + 1)") }
    let entry = entries[written]
    guard entry.dtype == tensor.dtype, entry.shape == tensor.shape else {
      throw PlumbError(
        "not the tensor the header announced", at: entry.name, expected: "\(entry.dtype) \(entry.shape)",
        found: "\(tensor.dtype) \(tensor.shape)")
    }
    written += 1
    try sink(tensor.bytes)
  }

  /// Throws when tensors are missing.
  public func finish() throws {
    guard written == entries.count else {
      throw PlumbError("tensors are missing", expected: "\(entries.count)", found: "\(written)")
    }
  }
}
