import Basics

/// Every pixel spread over a square: what a transformer makes of its tokens at the end (Peebles and Xie 2023).
package struct Unpatchify: Operation {
  /// Rows and columns of the square.
  package var patch: Int
  /// Channels of the result; a pixel holds row, column, channel, the last the fastest.
  package var channels: Int

  package var name: String { "unpatchify" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    let x = try Operands.image(shape)
    guard (1...64).contains(patch), (1...1 << 20).contains(channels), x.channels == patch * patch * channels else {
      throw PlumbError(
        "channels do not make patches", kind: .input, expected: "\(channels) channels for each place of \(patch)x\(patch)",
        found: "\(shape)")
    }
    // Extents are at most 2^24.
    return .image(height: x.height * patch, width: x.width * patch, channels: channels)
  }
}

extension GraphBuilder {
  /// Every pixel, `patch * patch * channels` numbers in the order row, column, channel, spread over a square of the result.
  /// Its opposite is a convolution whose stride is its kernel.
  public mutating func unpatchify(_ x: ValueID, patch: Int, channels: Int) -> ValueID {
    append(Unpatchify(patch: patch, channels: channels), [x])
  }
}
