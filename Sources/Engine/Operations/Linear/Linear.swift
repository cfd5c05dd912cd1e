import Basics

/// A fully connected layer on vectors: `W x + b`.
package struct Linear: Operation {
  /// `[out, in]`.
  package var weight: ParameterSpec
  /// `[out]`.
  package var bias: ParameterSpec?

  package var outputWidth: Int { weight.shape[0] }
  package var inputWidth: Int { weight.shape[1] }

  package var name: String { "linear \(weight.name)" }
  package var parameters: [ParameterSpec] { [weight] + (bias.map { [$0] } ?? []) }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    guard weight.shape.count == 2, weight.shape.allSatisfy({ $0 > 0 && $0 <= 1 << 28 }) else {
      throw PlumbError("bad shape of a linear weight", kind: .input, at: weight.name, expected: "[out, in]", found: "\(weight.shape)")
    }
    guard shape == .vector(inputWidth) else {
      throw PlumbError("operand does not fit the weight", kind: .input, expected: "vector of \(inputWidth)", found: "\(shape)")
    }
    if let bias, bias.shape != [outputWidth] {
      throw PlumbError("bad shape of a bias", kind: .input, at: bias.name, expected: "[\(outputWidth)]", found: "\(bias.shape)")
    }
    return .vector(outputWidth)
  }

  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int { 2 * inputWidth * outputWidth }
}

extension GraphBuilder {
  /// `W x + b` on a vector, or on every pixel of a picture; `weight` is `[out, in]`, `bias` is `[out]`.
  public mutating func linear(_ x: ValueID, weight: ParameterSpec, bias: ParameterSpec?) -> ValueID {
    if case .image = shape(x) { return convolution(x, weight: weight, bias: bias, stride: 1, padding: 0) }
    return append(Linear(weight: weight, bias: bias), [x])
  }
}
