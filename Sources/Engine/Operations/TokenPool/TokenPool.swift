import Basics
import CKernels

/// The tokens of guided-diffusion's `AttentionPool2d`: the mean of a picture's pixels, then the pixels, each plus a learned
/// position.
package struct TokenPool: Hashable, Sendable {
  /// `[channels, pixels + 1]`.
  package var positions: ParameterSpec

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let x = try Operation.image(Operation.one(inputs))
    let tokens = x.height * x.width + 1
    guard positions.shape == [x.channels, tokens] else {
      throw PlumbError(
        "positions do not fit the picture", kind: .input, at: positions.name, expected: "[\(x.channels), \(tokens)]",
        found: "\(positions.shape)")
    }
    return .image(height: tokens, width: 1, channels: x.channels)
  }
}

struct TokenPoolInstruction: BitwiseCopyable {
  private let pixels: Int64
  private let channels: Int64
  private let source: Operand
  private let output: Operand
  private let positions: UnsafePointer<Float>

  init(_ site: Site) {
    pixels = Int64(site.inputShapes[0].pixels)
    channels = Int64(site.node.shape.channels)
    source = site.inputs[0]
    output = site.output
    positions = site.constants[0]
  }

  func run(_ frame: Frame) {
    plumb_token_pool(Int64(frame.rows(output)), pixels, channels, frame.address(source), positions, frame.address(output))
  }
}
