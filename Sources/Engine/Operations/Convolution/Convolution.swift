import Basics

/// A convolution (cross-correlation) with square stride and zero padding, with a bias.
package struct Convolution: Operation {
  /// `[out, in, kh, kw]`, or `[out, in, 1]` or `[out, in]` for a pointwise one.
  package var weight: ParameterSpec
  /// `[out]`.
  package var bias: ParameterSpec?
  package var stride: Int
  package var padding: Int
  /// Zero rows below and columns on the right, besides `padding`.
  package var trailingPadding = 0
  /// The weight is turned over, and its input and output channels are exchanged: the adjoint of a convolution.
  package var isAdjoint = false

  /// Most taps (`kh * kw`) a kernel may have.
  static let tapLimit = 64

  package var outputChannels: Int { weight.shape[isAdjoint ? 1 : 0] }
  package var inputChannels: Int { weight.shape[isAdjoint ? 0 : 1] }
  package var kernelHeight: Int { weight.shape.count == 2 ? 1 : weight.shape[2] }
  package var kernelWidth: Int { weight.shape.count == 4 ? weight.shape[3] : 1 }

  package var name: String { "convolution \(weight.name)" }
  package var parameters: [ParameterSpec] { [weight] + (bias.map { [$0] } ?? []) }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let first = try Operands.one(operands)
    let x = try Operands.image(first)
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
    return .image(height: height / stride + 1, width: width / stride + 1, channels: outputChannels)
  }

  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int {
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

extension GraphBuilder {
  /// Cross-correlation with zero padding; `weight` is `[out, in, kh, kw]`, or `[out, in, 1]` or `[out, in]` for a pointwise
  /// one that the original writes as one dimensional, or as a linear layer. `trailingPadding` adds zero rows below and
  /// columns on the right only.
  public mutating func convolution(
    _ x: ValueID, weight: ParameterSpec, bias: ParameterSpec?, stride: Int, padding: Int, trailingPadding: Int = 0
  ) -> ValueID {
    append(Convolution(weight: weight, bias: bias, stride: stride, padding: padding, trailingPadding: trailingPadding), [x])
  }
}
