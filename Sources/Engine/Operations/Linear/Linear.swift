import Basics

/// A fully connected layer on vectors: `W x + b`.
package struct Linear: Hashable, Sendable {
  /// `[out, in]`.
  package var weight: ParameterSpec
  /// `[out]`.
  package var bias: ParameterSpec?

  var outputWidth: Int { weight.shape[0] }
  var inputWidth: Int { weight.shape[1] }

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
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
}
