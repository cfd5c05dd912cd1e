import Basics

/// The header of an npy file. Its dict literal has exactly the keys descr, fortran_order and shape, in any order.
struct NpyHeader: Sendable {
  /// numpy itself refuses longer ones.
  static let limit = 1 << 16

  let element: NpyElement
  let isColumnOrder: Bool
  let shape: [Int]
  /// Bytes before the elements.
  let size: Int
  /// Elements.
  let count: Int

  /// Parses the start of a file of `fileSize` bytes, which must hold exactly the header and the elements.
  init(_ start: [UInt8], fileSize: Int) throws {
    guard start.starts(with: Npy.magic) else { throw PlumbError("not an npy array", expected: "the magic number \\x93NUMPY") }
    var reader = ByteReader(start, at: Npy.magic.count, what: "npy header")
    let version = (try reader.byte(), try reader.byte())
    let length: Int
    switch version {
    case (1, 0): length = try reader.length(UInt16.self)
    case (2, 0), (3, 0): length = try reader.length(UInt32.self)
    default: throw PlumbError("unsupported npy version", expected: "1.0, 2.0 or 3.0", found: "\(version.0).\(version.1)")
    }
    guard length <= Self.limit else {
      throw PlumbError("the npy header is too long", expected: "at most \(Self.limit) bytes", found: "\(length)")
    }
    var literal = PythonLiteral(Array(try reader.take(length)))
    let fields = try literal.dictionary()
    guard fields.count == 3, case .text(let descr)? = fields["descr"], case .bool(let order)? = fields["fortran_order"],
      case .integers(let shape)? = fields["shape"]
    else { throw PlumbError("malformed npy header", expected: "descr, fortran_order and shape (structured arrays are not supported)") }
    element = try NpyElement(descr: descr)
    isColumnOrder = order
    self.shape = shape
    size = reader.offset
    count = try HostTensor.elementCount(shape)
    _ = try HostTensor.byteCount(dtype: element.dtype, shape: shape)
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.size)
    guard !overflow, bytes == fileSize - size else {
      throw PlumbError(
        "the data of an npy array does not fit its shape \(shape)", expected: "\(overflow ? "more than 2^63" : String(bytes)) bytes",
        found: "\(fileSize - size)")
    }
  }

  /// The dense row-major tensor from the bytes behind the header.
  func tensor(from bytes: [UInt8]) throws -> HostTensor {
    var bytes = try element.convert(bytes)
    if isColumnOrder, shape.count > 1 {
      var strides: [Int] = []
      var step = 1
      for extent in shape {
        strides.append(step)
        step *= extent
      }
      bytes = gatherElements(bytes, size: element.dtype.size, shape: shape, strides: strides)
    }
    return try HostTensor(dtype: element.dtype, shape: shape, bytes: bytes)
  }
}
