import Basics

/// Consecutive channels of a picture, or numbers of a vector.
package struct ChannelSlice: Hashable, Sendable {
  package var channels: Range<Int>

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    guard shape != .scalar, !channels.isEmpty, channels.lowerBound >= 0, channels.upperBound <= shape.channels else {
      throw PlumbError("no such channels", kind: .input, expected: "channels in 0..<\(shape.channels)", found: "\(channels) of \(shape)")
    }
    if case .image(let height, let width, _) = shape { return .image(height: height, width: width, channels: channels.count) }
    return .vector(channels.count)
  }
}
