import Basics

/// Real images as x_0, by the index of the sample that takes them.
public protocol StartImages: Sendable {
  /// Values of one image, C · H · W.
  var elementCount: Int { get }
  /// Copies x_0 of a sample, [C, H, W] in model range, into `image`.
  func copy(sample: Int, into image: UnsafeMutableBufferPointer<Float>) throws
}

/// Images held as bytes, [count, C, H, W], in the order a permutation gives.
public struct ByteImages: StartImages {
  public let bytes: [UInt8]
  public let elementCount: Int
  public let order: ImageOrder

  /// Throws when `bytes` does not hold exactly the images that `order` permutes.
  public init(bytes: [UInt8], elementCount: Int, order: ImageOrder) throws {
    try checkImages(count: order.permutation.count, elementCount: elementCount, found: bytes.count)
    self.bytes = bytes
    self.elementCount = elementCount
    self.order = order
  }

  public func copy(sample: Int, into image: UnsafeMutableBufferPointer<Float>) throws {
    let start = try order.image(ofSample: sample) * elementCount
    bytes.withUnsafeBufferPointer { bytes in
      for element in 0..<min(elementCount, image.count) { image[element] = Pixels.model(bytes[start + element]) }
    }
  }
}

/// Images held as float32 in model range, [count, C, H, W], in the order a permutation gives.
public struct FloatImages: StartImages {
  public let pixels: [Float]
  public let elementCount: Int
  public let order: ImageOrder

  /// Throws when `pixels` does not hold exactly the images that `order` permutes.
  public init(pixels: [Float], elementCount: Int, order: ImageOrder) throws {
    try checkImages(count: order.permutation.count, elementCount: elementCount, found: pixels.count)
    self.pixels = pixels
    self.elementCount = elementCount
    self.order = order
  }

  public func copy(sample: Int, into image: UnsafeMutableBufferPointer<Float>) throws {
    let start = try order.image(ofSample: sample) * elementCount
    pixels.withUnsafeBufferPointer { pixels in
      for element in 0..<min(elementCount, image.count) { image[element] = pixels[start + element] }
    }
  }
}

private func checkImages(count: Int, elementCount: Int, found: Int) throws {
  let (expected, overflow) = count.multipliedReportingOverflow(by: elementCount)
  guard elementCount > 0, !overflow, found == expected else {
    throw PlumbError(
      "the images do not fit their order", kind: .input, expected: "\(count) images of \(elementCount) values", found: "\(found) values")
  }
}
