import Basics

/// A tensor as torch keeps it: a window of a storage. Offset and strides are in elements; windows may overlap, be
/// transposed, or repeat elements (stride 0).
struct TensorWindow: Sendable, Hashable {
  let storage: StorageReference
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// Elements of the dense tensor.
  let count: Int
  /// Elements from the first to the last one the window touches, both included; 0 for an empty tensor.
  let span: Int

  static let dimensionLimit = 32
  /// A window that repeats elements (an expanded view) may be larger than its storage up to this many bytes.
  static let expansionLimit = 1 << 26

  /// Throws unless the window lies in its storage.
  init(storage: StorageReference, offset: Int, shape: [Int], strides: [Int]) throws {
    guard shape.count == strides.count, shape.count <= Self.dimensionLimit else {
      throw PlumbError(
        "a tensor's sizes and strides do not fit together", expected: "equally many, at most \(Self.dimensionLimit)",
        found: "\(shape.count) sizes, \(strides.count) strides")
    }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw PlumbError("negative offset, size or stride of a tensor", found: "offset \(offset), sizes \(shape), strides \(strides)")
    }
    let count = try HostTensor.elementCount(shape)
    var last = offset
    var overflow = false
    for (extent, stride) in zip(shape, strides) where extent > 0 {
      let (step, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooLarge) = last.addingReportingOverflow(step)
      last = sum
      overflow = overflow || tooFar || tooLarge
    }
    guard !overflow, count == 0 ? offset <= storage.count : last < storage.count else {
      throw PlumbError(
        "a tensor reaches past its storage", at: "storage \(storage.key)", expected: "\(storage.count) elements",
        found: "offset \(offset), sizes \(shape), strides \(strides)")
    }
    guard count <= storage.count || count <= Self.expansionLimit / storage.dtype.size else {
      throw PlumbError(
        "a tensor repeats too many elements of its storage", at: "storage \(storage.key)",
        expected: "at most \(Self.expansionLimit) bytes", found: "\(count) elements")
    }
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.count = count
    span = count == 0 ? 0 : last - offset + 1
  }

  /// True when the elements lie one after the other in row-major order.
  var isContiguous: Bool {
    guard count > 0 else { return true }
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
      if stride != expected { return false }
      expected *= extent
    }
    return true
  }

  /// The dense little-endian tensor. `read` delivers bytes of the storage's record.
  func tensor(isBigEndian: Bool, read: (Range<Int>) throws -> [UInt8]) throws -> HostTensor {
    let size = storage.dtype.size
    let start = (storage.first + offset) * size
    var bytes = try read(start..<start + span * size)
    if !isContiguous { bytes = gatherElements(bytes, size: size, shape: shape, strides: strides) }
    if isBigEndian { swapBytes(&bytes, elementSize: size) }
    return try HostTensor(dtype: storage.dtype, shape: shape, bytes: bytes)
  }
}
