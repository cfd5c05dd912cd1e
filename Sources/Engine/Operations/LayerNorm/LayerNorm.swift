import Basics

/// Layer normalisation over the channels of every pixel, token or vector (Ba et al. 2016).
package struct LayerNorm: Operation {
  package var epsilon: Float
  /// `[channels]`; ones when absent.
  package var weight: ParameterSpec?
  /// `[channels]`; zeros when absent.
  package var bias: ParameterSpec?

  package var name: String { "layer norm \(weight?.name ?? "")" }
  package var parameters: [ParameterSpec] { [weight, bias].compactMap { $0 } }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    guard shape != .scalar, epsilon > 0, epsilon.isFinite else {
      throw PlumbError("bad layer norm", kind: .input, expected: "channels and a positive epsilon", found: "\(shape), \(epsilon)")
    }
    for parameter in parameters where parameter.shape != [shape.channels] {
      throw PlumbError(
        "bad shape of a norm's parameter", kind: .input, at: parameter.name, expected: "[\(shape.channels)]", found: "\(parameter.shape)")
    }
    return shape
  }
}

extension GraphBuilder {
  /// `(x - mean) / sqrt(variance + epsilon) * weight + bias` over the channels of every pixel, or of a vector (Ba et al.
  /// 2016); `weight` and `bias` are `[channels]`, or absent.
  public mutating func layerNorm(_ x: ValueID, epsilon: Float, weight: ParameterSpec?, bias: ParameterSpec?) -> ValueID {
    append(LayerNorm(epsilon: epsilon, weight: weight, bias: bias), [x])
  }
}
