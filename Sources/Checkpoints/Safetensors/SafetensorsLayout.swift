import Basics

/// The header of a safetensors file: which tensor lies where in the data that follows it.
struct SafetensorsLayout: Sendable {
  /// In the order of the data.
  let entries: [TensorEntry]
  let metadata: [String: String]
  /// Tensors by name, with their offsets from the end of the header.
  private let places: [String: (entry: TensorEntry, range: Range<Int>)]

  /// A header of 100,000 tensors. The format's reference reader goes to 100 MB; parsed, that is gigabytes of lists.
  static let headerLimit = 1 << 24

  /// Checks the header against the number of data bytes: tensors must cover them without holes, overlaps or leftovers.
  init(header: [UInt8], dataSize: Int) throws {
    guard let fields = try JSONValue(parsing: header).object else { throw PlumbError("the safetensors header is not a JSON object") }
    var found: [(entry: TensorEntry, range: Range<Int>)] = []
    var metadata: [String: String] = [:]
    for (name, value) in fields {
      if name == "__metadata__" {
        metadata = try Self.metadata(value)
      } else {
        found.append(try Self.entry(name, value))
      }
    }
    found.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.entry.name) < ($1.range.lowerBound, $1.range.upperBound, $1.entry.name)
    }
    var end = 0
    for (entry, range) in found {
      guard range.lowerBound == end else {
        throw PlumbError(
          range.lowerBound < end ? "tensors overlap in the safetensors data" : "a hole in the safetensors data", at: entry.name,
          expected: "a start at byte \(end)", found: "\(range.lowerBound)")
      }
      end = range.upperBound
    }
    guard end == dataSize else {
      throw PlumbError("the safetensors data does not end with its last tensor", expected: "\(end) bytes of data", found: "\(dataSize)")
    }
    entries = found.map(\.entry)
    places = Dictionary(found.map { ($0.entry.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.metadata = metadata
  }

  /// The metadata as the source's plain values.
  var attributes: JSONValue {
    metadata.isEmpty ? .object([:]) : .object(["__metadata__": .object(metadata.mapValues(JSONValue.text))])
  }

  /// Reads one tensor; `bytes` delivers a range of the data, and `path` names the file in the error when there is none of
  /// this name.
  func read(_ name: String, in path: String, bytes: (Range<Int>) throws -> [UInt8]) throws -> HostTensor {
    guard let place = places[name] else { throw unknownTensor(name, in: path) }
    return try HostTensor(dtype: place.entry.dtype, shape: place.entry.shape, bytes: bytes(place.range))
  }

  private static func metadata(_ value: JSONValue) throws -> [String: String] {
    guard let fields = value.object else { throw PlumbError("the metadata is not a JSON object", at: "__metadata__") }
    return try fields.mapValues {
      guard let text = $0.text else { throw PlumbError("metadata values must be strings", at: "__metadata__") }
      return text
    }
  }

  private static func entry(_ name: String, _ value: JSONValue) throws -> (entry: TensorEntry, range: Range<Int>) {
    guard let fields = value.object, fields.count == 3, let code = fields["dtype"]?.text, let shape = integers(fields["shape"]),
      let offsets = integers(fields["data_offsets"]), offsets.count == 2
    else {
      throw PlumbError("malformed entry of the safetensors header", at: name, expected: "dtype, shape and data_offsets of whole numbers")
    }
    guard let dtype = Safetensors.dtypes[code] else {
      throw PlumbError("unsupported dtype", at: name, expected: Safetensors.dtypes.keys.sorted().joined(separator: ", "), found: code)
    }
    let entry = TensorEntry(name: name, dtype: dtype, shape: shape)
    do {
      let size = try entry.byteCount
      guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] - offsets[0] == size else {
        throw PlumbError("offsets do not fit the shape \(shape)", expected: "\(size) bytes", found: "from \(offsets[0]) to \(offsets[1])")
      }
    } catch let error as PlumbError {
      throw error.at(name)
    }
    return (entry, offsets[0]..<offsets[1])
  }

  /// A list of whole numbers; `4.0` is none.
  private static func integers(_ value: JSONValue?) -> [Int]? {
    guard let items = value?.list else { return nil }
    let numbers = items.compactMap { if case .integer(let number) = $0 { Int(number) } else { nil } }
    return numbers.count == items.count ? numbers : nil
  }
}
