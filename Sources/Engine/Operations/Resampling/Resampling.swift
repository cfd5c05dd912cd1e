import Basics

/// Changes of resolution by two.
package enum Resampling: String, Hashable, Sendable, BitwiseCopyable {
  case upsampleNearest2x = "upsample"
  case averagePool2x2 = "average pool"
  case maxPool2x2 = "max pool"

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    let x = try Operation.image(shape)
    if self == .upsampleNearest2x { return .image(height: 2 * x.height, width: 2 * x.width, channels: x.channels) }
    guard x.height >= 2, x.width >= 2 else {
      throw PlumbError("picture is too small to pool", kind: .input, expected: "2x2 or more", found: "\(shape)")
    }
    return .image(height: x.height / 2, width: x.width / 2, channels: x.channels)
  }
}
