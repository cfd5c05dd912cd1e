import Basics

/// The element type of an npy array, from numpy's `descr` such as `<f4`.
struct NpyElement: Sendable, Hashable {
  /// What the elements are delivered as.
  let dtype: DType
  /// Bytes of an element in the file.
  let size: Int
  let isBigEndian: Bool
  /// Unsigned and wider than 8 bits: there is no such `DType`, so it is widened.
  let isWidened: Bool

  private static let plain: [String: DType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8,
    "b1": .bool,
  ]
  private static let widened: [String: DType] = ["u2": .int32, "u4": .int64, "u8": .int64]

  init(descr: String) throws {
    let code = String(descr.dropFirst())
    guard let order = descr.first, "<>|=".contains(order), let dtype = Self.plain[code] ?? Self.widened[code],
      let size = code.last?.wholeNumberValue
    else {
      throw PlumbError("unsupported dtype of an npy array", expected: "a boolean, integer or float such as <f4", found: descr)
    }
    self.dtype = dtype
    self.size = size
    isBigEndian = order == ">"
    isWidened = Self.widened[code] != nil
  }

  static func code(of dtype: DType) -> String {
    // numpy has no bfloat16: its bits are written as unsigned integers.
    guard let code = plain.first(where: { $0.value == dtype })?.key else { return "<u2" }
    return (dtype.size == 1 ? "|" : "<") + code
  }

  /// Little-endian elements of `dtype` from the file's. Throws when an unsigned one does not fit.
  func convert(_ bytes: [UInt8]) throws -> [UInt8] {
    var bytes = bytes
    if isBigEndian { swapBytes(&bytes, elementSize: size) }
    guard isWidened else { return bytes }
    var wide: [UInt8] = []
    wide.reserveCapacity(bytes.count / size * dtype.size)
    for start in stride(from: 0, to: bytes.count, by: size) {
      let element = bytes[start..<start + size]
      guard size < dtype.size || element[start + size - 1] < 0x80 else {
        throw PlumbError("an unsigned integer of an npy array does not fit 63 bits")
      }
      wide += element
      wide += [UInt8](repeating: 0, count: dtype.size - size)
    }
    return wide
  }
}
