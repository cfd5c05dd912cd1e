import Basics

/// Layer normalisation over the channels of every pixel, token or vector (Ba et al. 2016).
package struct LayerNorm: Hashable, Sendable {
  package var epsilon: Float
  /// `[channels]`; ones when absent.
  package var weight: ParameterSpec?
  /// `[channels]`; zeros when absent.
  package var bias: ParameterSpec?

  var parameters: [ParameterSpec] { [weight, bias].compactMap { $0 } }

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
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
