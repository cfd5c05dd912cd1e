import Basics

/// One storage of a torch file: the persistent id ("storage", class, key, location, element count).
struct StorageReference: Sendable, Hashable {
  let dtype: DType
  /// The record `data/<key>` of the zip.
  let key: String
  /// Elements of the whole record.
  let recordCount: Int
  /// First element of the record that belongs to this storage: old streams have storages that are views of others.
  let first: Int
  /// Elements.
  let count: Int
  /// Where the record lies when it is in the pickle itself.
  var embedding: Embedding?

  /// The elements' place in the file, and their byte order.
  struct Embedding: Sendable, Hashable {
    let offset: Int
    let isBigEndian: Bool
  }

  static let dtypes: [String: DType] = [
    "FloatStorage": .float32, "DoubleStorage": .float64, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]

  /// Reads the items of a persistent id. A sixth one (old streams) is None or a view: (its key, first element, count).
  init(persistentID items: [PickleValue], view: [PickleValue]? = nil) throws {
    guard items.count == 5, items[0] == .text("storage"), case .global(let storageClass) = items[1],
      case .text(let key) = items[2], case .text = items[3], case .integer(let count) = items[4]
    else {
      throw PlumbError("a persistent id is not a storage reference", expected: "(\"storage\", class, key, location, count)")
    }
    guard storageClass.module == "torch", let dtype = Self.dtypes[storageClass.name] else {
      throw PlumbError("unknown storage class", expected: "torch.FloatStorage or its like", found: "\(storageClass)")
    }
    guard count >= 0, !count.multipliedReportingOverflow(by: dtype.size).overflow else {
      throw PlumbError("impossible element count of storage \(key)", found: "\(count)")
    }
    var window = (first: 0, count: count)
    if let view {
      guard view.count == 3, case (.integer(let first), .integer(let viewed)) = (view[1], view[2]), first >= 0, viewed >= 0,
        first <= count, viewed <= count - first
      else { throw PlumbError("a view of storage \(key) does not lie in it", expected: "\(count) elements") }
      window = (first, viewed)
    }
    self.dtype = dtype
    self.key = key
    recordCount = count
    first = window.first
    self.count = window.count
  }

  /// Bytes of the whole record.
  var recordByteCount: Int { recordCount * dtype.size }
}
