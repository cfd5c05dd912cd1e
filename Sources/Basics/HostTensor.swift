/// A dense tensor in row-major order with its bytes (little-endian), as readers deliver it and artifacts store it.
/// It is not a tensor to compute with: the engine works on offsets into its own arena.
public struct HostTensor: Sendable, Hashable {
  public let dtype: DType
  public let shape: [Int]
  public let bytes: [UInt8]

  /// Throws when the byte count does not fit dtype and shape.
  public init(dtype: DType, shape: [Int], bytes: [UInt8]) throws {
    let expected = try Self.byteCount(dtype: dtype, shape: shape)
    guard bytes.count == expected else {
      throw PlumbError("tensor bytes do not fit its shape \(shape)", expected: "\(expected) bytes", found: "\(bytes.count)")
    }
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  public init(floats: [Float], shape: [Int]) throws {
    try self.init(dtype: .float32, shape: shape, bytes: floats.withUnsafeBytes { Array($0) })
  }

  public init(doubles: [Double], shape: [Int]) throws {
    try self.init(dtype: .float64, shape: shape, bytes: doubles.withUnsafeBytes { Array($0) })
  }

  public init(integers: [Int64], shape: [Int]) throws {
    try self.init(dtype: .int64, shape: shape, bytes: integers.withUnsafeBytes { Array($0) })
  }

  /// Number of elements.
  public var count: Int { bytes.count / dtype.size }

  /// Product of the extents; throws on a negative extent or when it does not fit an Int.
  public static func elementCount(_ shape: [Int]) throws -> Int {
    var count = 1
    for extent in shape {
      guard extent >= 0 else { throw PlumbError("negative extent in shape \(shape)") }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw PlumbError("shape \(shape) has too many elements") }
      count = product
    }
    return count
  }

  /// Bytes of a dense tensor; throws when it does not fit an Int.
  public static func byteCount(dtype: DType, shape: [Int]) throws -> Int {
    let (bytes, overflow) = try elementCount(shape).multipliedReportingOverflow(by: dtype.size)
    guard !overflow else { throw PlumbError("shape \(shape) has too many bytes") }
    return bytes
  }

  /// The elements as float32; narrower floats are widened exactly, float64 and integers are rounded to nearest.
  public func floats() -> [Float] {
    switch dtype {
    case .float32: load(Float.self)
    case .float64: load(Double.self).map(Float.init)
    case .float16: load(UInt16.self).map(Self.widenHalf)
    case .bfloat16: load(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .int8: load(Int8.self).map(Float.init)
    case .int16: load(Int16.self).map(Float.init)
    case .int32: load(Int32.self).map(Float.init)
    case .int64: load(Int64.self).map(Float.init)
    case .uint8, .bool: bytes.map(Float.init)
    }
  }

  /// The elements as float64.
  public func doubles() -> [Double] {
    switch dtype {
    case .float64: load(Double.self)
    case .int64: load(Int64.self).map(Double.init)
    default: floats().map(Double.init)
    }
  }

  /// The elements as integers; throws when the tensor holds floats.
  public func integers() throws -> [Int64] {
    switch dtype {
    case .int64: return load(Int64.self)
    case .int32: return load(Int32.self).map(Int64.init)
    case .int16: return load(Int16.self).map(Int64.init)
    case .int8: return load(Int8.self).map(Int64.init)
    case .uint8, .bool: return bytes.map(Int64.init)
    default: throw PlumbError("tensor does not hold integers", expected: "an integer dtype", found: dtype.rawValue)
    }
  }

  private func load<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
    bytes.withUnsafeBytes { raw in
      [Element](unsafeUninitializedCapacity: raw.count / MemoryLayout<Element>.stride) { buffer, filled in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
        filled = raw.count / MemoryLayout<Element>.stride
      }
    }
  }

  /// IEEE binary16 to binary32, exact for every value (Swift's Float16 is not available on every Linux host).
  static func widenHalf(_ half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let exponent = UInt32(half >> 10) & 0x1F
    let fraction = UInt32(half & 0x3FF)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31:
      return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
