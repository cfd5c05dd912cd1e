public import Basics

/// The safetensors format in memory: what artifacts keep tensors in.
///
/// Layout: header length (u64, little-endian), JSON header padded with spaces to a multiple of 8, data of the tensors in
/// the order given, without gaps.
public enum Safetensors {
  static let dtypes: [String: DType] = [
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64, "I8": .int8, "I16": .int16, "I32": .int32,
    "I64": .int64, "U8": .uint8, "BOOL": .bool,
  ]

  /// The bytes of a file that holds `tensors` in this order. The same input gives the same bytes. Throws on a name that
  /// occurs twice.
  public static func encode(_ tensors: [(name: String, tensor: HostTensor)], metadata: [String: String] = [:]) throws -> [UInt8] {
    let entries = tensors.map { TensorEntry(name: $0.name, dtype: $0.tensor.dtype, shape: $0.tensor.shape) }
    var bytes = try header(of: entries, metadata: metadata)
    bytes.reserveCapacity(tensors.reduce(bytes.count) { $0 + $1.tensor.bytes.count })
    for (_, tensor) in tensors { bytes.append(contentsOf: tensor.bytes) }
    return bytes
  }

  /// Reads a whole file held in memory.
  public static func decode(_ bytes: [UInt8]) throws -> SafetensorsContents {
    let size = try headerSize(Array(bytes.prefix(8)), of: bytes.count)
    let layout = try SafetensorsLayout(header: Array(bytes[8..<8 + size]), dataSize: bytes.count - 8 - size)
    return SafetensorsContents(bytes: bytes, layout: layout, dataOffset: 8 + size)
  }

  /// Length field and header of a file with these tensors; their data must follow in this order.
  package static func header(of entries: [TensorEntry], metadata: [String: String]) throws -> [UInt8] {
    var names: Set<String> = ["__metadata__"]
    var fields: [String] = []
    if !metadata.isEmpty {
      fields.append("\"__metadata__\":" + text(.object(metadata.mapValues(JSONValue.text))))
    }
    var offset = 0
    for entry in entries {
      guard names.insert(entry.name).inserted else { throw PlumbError("two tensors of one name, or a reserved one", at: entry.name) }
      guard let code = dtypes.first(where: { $0.value == entry.dtype })?.key else {
        throw PlumbError("safetensors has no code for this dtype", at: entry.name, found: "\(entry.dtype)")
      }
      let (end, overflow) = offset.addingReportingOverflow(try entry.byteCount)
      guard !overflow else { throw PlumbError("the tensors do not fit a file", at: entry.name) }
      let value: JSONValue = ["dtype": .text(code), "shape": JSONValue(entry.shape), "data_offsets": JSONValue([offset, end])]
      fields.append(text(.text(entry.name)) + ":" + text(value))
      offset = end
    }
    var json = Array("{\(fields.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(json.count))
    return bytes + json
  }

  /// The header's length from the first eight bytes, checked against the file's.
  static func headerSize(_ start: [UInt8], of fileSize: Int) throws -> Int {
    guard start.count == 8 else { throw PlumbError("too short for safetensors", expected: "at least 8 bytes", found: "\(fileSize)") }
    var reader = ByteReader(start, what: "safetensors header")
    let size = try reader.integer(UInt64.self)
    guard size <= UInt64(fileSize - 8), size <= SafetensorsLayout.headerLimit else {
      throw PlumbError(
        "the safetensors header is longer than the file or its limit", expected: "at most \(fileSize - 8) bytes", found: "\(size)")
    }
    return Int(size)
  }

  private static func text(_ value: JSONValue) -> String { String(decoding: value.encoded(), as: UTF8.self) }
}

/// A safetensors file held in memory.
public struct SafetensorsContents: TensorSource {
  public var entries: [TensorEntry] { layout.entries }
  /// The header's `__metadata__`.
  public var metadata: [String: String] { layout.metadata }
  public var attributes: JSONValue { layout.attributes }

  let bytes: [UInt8]
  let layout: SafetensorsLayout
  let dataOffset: Int

  public func read(_ name: String) throws -> HostTensor {
    try layout.read(name, in: "safetensors in memory") { Array(bytes[dataOffset + $0.lowerBound..<dataOffset + $0.upperBound]) }
  }
}
