import Basics

/// A value that is fed from outside before each run. No device has a kernel for it.
package struct GraphInput: Operation {
  /// How it is fed.
  package enum Layout: Hashable, Sendable {
    /// A picture as `[N, channels, height, width]`.
    case channelsFirst
    /// A picture of one column, a token being a pixel, as `[N, length, width]`.
    case tokens
    /// A float per sample as `[N]`.
    case scalar
  }

  package var field: String
  package var shape: ValueShape
  package var layout: Layout

  package var name: String { "input \"\(field)\"" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    guard operands.isEmpty else { throw PlumbError("an input takes no values", kind: .input, found: "\(operands.count)") }
    return shape
  }
}

extension GraphBuilder {
  /// A picture per sample, fed as `[N, channels, height, width]`.
  public mutating func imageInput(_ name: String, channels: Int, height: Int, width: Int) -> ValueID {
    append(GraphInput(field: name, shape: .image(height: height, width: width, channels: channels), layout: .channelsFirst), [])
  }

  /// A sequence of tokens per sample, fed as `[N, length, width]`; it is a picture of one column, a token being a pixel.
  public mutating func sequenceInput(_ name: String, length: Int, width: Int) -> ValueID {
    append(GraphInput(field: name, shape: .image(height: length, width: 1, channels: width), layout: .tokens), [])
  }

  /// A float per sample, fed as `[N]`: a timestep, or a class index stored as a float.
  public mutating func scalarInput(_ name: String) -> ValueID {
    append(GraphInput(field: name, shape: .scalar, layout: .scalar), [])
  }
}
