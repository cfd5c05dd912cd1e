import Basics

/// Every pixel spread over a square: what a transformer makes of its tokens at the end (Peebles and Xie 2023).
package struct Unpatchify: Hashable, Sendable {
  /// Rows and columns of the square.
  package var patch: Int
  /// Channels of the result; a pixel holds row, column, channel, the last the fastest.
  package var channels: Int

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    let x = try Operation.image(shape)
    guard (1...64).contains(patch), (1...1 << 20).contains(channels), x.channels == patch * patch * channels else {
      throw PlumbError(
        "channels do not make patches", kind: .input, expected: "\(channels) channels for each place of \(patch)x\(patch)",
        found: "\(shape)")
    }
    // Extents are at most 2^24.
    return .image(height: x.height * patch, width: x.width * patch, channels: channels)
  }
}
