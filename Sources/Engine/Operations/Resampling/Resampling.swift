import Basics

/// Changes of resolution by two, and the mean of a whole picture.
package enum Resampling: String, Hashable, Sendable, BitwiseCopyable {
  case upsampleNearest2x = "upsample"
  case averagePool2x2 = "average pool"
  case maxPool2x2 = "max pool"
  /// A picture of one pixel.
  case mean

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    let x = try Operation.image(shape)
    if self == .mean { return .image(height: 1, width: 1, channels: x.channels) }
    if self == .upsampleNearest2x { return .image(height: 2 * x.height, width: 2 * x.width, channels: x.channels) }
    guard x.height >= 2, x.width >= 2 else {
      throw PlumbError("picture is too small to pool", kind: .input, expected: "2x2 or more", found: "\(shape)")
    }
    return .image(height: x.height / 2, width: x.width / 2, channels: x.channels)
  }
}
