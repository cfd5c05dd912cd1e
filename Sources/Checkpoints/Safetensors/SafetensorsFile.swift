public import Basics

/// A safetensors file: a JSON header and raw little-endian data, read tensor by tensor.
public struct SafetensorsFile: TensorSource {
  public var entries: [TensorEntry] { layout.entries }
  /// The header's `__metadata__`.
  public var metadata: [String: String] { layout.metadata }
  public var attributes: JSONValue { layout.attributes }

  private let file: any RandomAccessBytes
  private let layout: SafetensorsLayout
  private let dataOffset: Int

  /// Reads and checks the header. Throws `PlumbError` with the path and the tensor at fault.
  public init(path: String) throws {
    do {
      try self.init(file: RandomAccessFile(path: path))
    } catch let error as PlumbError {
      throw error.inFile(path)
    }
  }

  /// The same from bytes that are open already.
  package init(_ bytes: any RandomAccessBytes) throws {
    do {
      try self.init(file: bytes)
    } catch let error as PlumbError {
      throw error.inFile(bytes.path)
    }
  }

  package init(file: any RandomAccessBytes) throws {
    let size = try Safetensors.headerSize(try file.read(at: 0, count: min(8, file.size)), of: file.size)
    self.file = file
    dataOffset = 8 + size
    layout = try SafetensorsLayout(header: file.read(at: 8, count: size), dataSize: file.size - dataOffset)
  }

  /// True when a file of `size` bytes that starts so can only be meant as safetensors.
  static func recognises(_ start: [UInt8], size: Int) -> Bool {
    start.count > 8 && start[8] == UInt8(ascii: "{") && (try? Safetensors.headerSize(Array(start.prefix(8)), of: size)) != nil
  }

  public func read(_ name: String) throws -> HostTensor {
    try layout.read(name, in: file.path) { try file.read(at: dataOffset + $0.lowerBound, count: $0.count) }
  }
}
