import Basics

/// A convolution (cross-correlation) with square stride and zero padding, with a bias and, once fused, a residual.
package struct Convolution: Hashable, Sendable {
  /// `[out, in, kh, kw]`, or `[out, in, 1]` or `[out, in]` for a pointwise one.
  package var weight: ParameterSpec
  /// `[out]`.
  package var bias: ParameterSpec?
  package var stride: Int
  package var padding: Int
  /// Zero rows below and columns on the right, besides `padding`.
  package var trailingPadding = 0
  /// A second operand of the result's shape is added.
  package var addsResidual = false
  /// The weight is turned over, and its input and output channels are exchanged: the adjoint of a convolution.
  package var isAdjoint = false

  /// Most taps (`kh * kw`) a kernel may have.
  static let tapLimit = 64

  var outputChannels: Int { weight.shape[isAdjoint ? 1 : 0] }
  var inputChannels: Int { weight.shape[isAdjoint ? 0 : 1] }
  var kernelHeight: Int { weight.shape.count == 2 ? 1 : weight.shape[2] }
  var kernelWidth: Int { weight.shape.count == 4 ? weight.shape[3] : 1 }

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    guard let first = inputs.first, inputs.count == (addsResidual ? 2 : 1) else {
      throw PlumbError("wrong number of operands", kind: .input, expected: addsResidual ? "2" : "1", found: "\(inputs.count)")
    }
    let x = try Operation.image(first)
    try checkWeight()
    guard x.channels == inputChannels else {
      throw PlumbError("operand does not fit the weight", kind: .input, expected: "\(inputChannels) channels", found: "\(x.channels)")
    }
    guard stride >= 1, stride <= 64, (0...64).contains(padding), (0...64).contains(trailingPadding) else {
      throw PlumbError("bad stride or padding", kind: .input, found: "stride \(stride), padding \(padding) and \(trailingPadding)")
    }
    let height = x.height + 2 * padding + trailingPadding - kernelHeight
    let width = x.width + 2 * padding + trailingPadding - kernelWidth
    guard height >= 0, width >= 0 else {
      throw PlumbError("picture is smaller than the kernel", kind: .input, found: "\(first)")
    }
    let result = ValueShape.image(height: height / stride + 1, width: width / stride + 1, channels: outputChannels)
    if addsResidual, inputs[1] != result {
      throw PlumbError("residual does not fit the result", kind: .input, expected: "\(result)", found: "\(inputs[1])")
    }
    return result
  }

  func flops(result: ValueShape) -> Int {
    2 * result.pixels * outputChannels * inputChannels * kernelHeight * kernelWidth
  }

  private func checkWeight() throws {
    let shape = weight.shape
    guard shape.count == 4 || shape.count == 2 || (shape.count == 3 && shape[2] == 1), shape.allSatisfy({ $0 > 0 && $0 <= 1 << 20 }) else {
      throw PlumbError(
        "bad shape of a convolution weight", kind: .input, at: weight.name, expected: "[out, in, kh, kw], [out, in, 1] or [out, in]",
        found: "\(shape)")
    }
    guard kernelHeight * kernelWidth <= Self.tapLimit else {
      throw PlumbError(
        "kernel is too large", kind: .input, at: weight.name, expected: "at most \(Self.tapLimit) taps", found: "\(shape)")
    }
    if let bias, bias.shape != [outputChannels] {
      throw PlumbError("bad shape of a bias", kind: .input, at: bias.name, expected: "[\(outputChannels)]", found: "\(bias.shape)")
    }
  }
}
