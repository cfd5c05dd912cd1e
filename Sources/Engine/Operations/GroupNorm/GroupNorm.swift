import Basics

/// Group normalisation with its affine part and, once fused, a modulation and SiLU.
package struct GroupNorm: Hashable, Sendable {
  package var groups: Int
  package var epsilon: Float
  /// `[channels]`.
  package var weight: ParameterSpec
  /// `[channels]`.
  package var bias: ParameterSpec
  /// A second operand, `[scale, shift]`, is applied after the affine part.
  package var modulates = false
  /// SiLU is applied at the end.
  package var appliesSiLU = false

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    guard let first = inputs.first, inputs.count == (modulates ? 2 : 1) else {
      throw PlumbError("wrong number of operands", kind: .input, expected: modulates ? "2" : "1", found: "\(inputs.count)")
    }
    let channels = try Operation.image(first).channels
    guard groups > 0, channels % groups == 0 else {
      throw PlumbError("channels do not divide into groups", kind: .input, expected: "a multiple of \(groups)", found: "\(channels)")
    }
    guard epsilon >= 0, epsilon.isFinite else { throw PlumbError("bad epsilon", kind: .input, found: "\(epsilon)") }
    for parameter in [weight, bias] where parameter.shape != [channels] {
      throw PlumbError(
        "bad shape of a norm parameter", kind: .input, at: parameter.name, expected: "[\(channels)]", found: "\(parameter.shape)")
    }
    if modulates, inputs[1] != .vector(2 * channels) {
      throw PlumbError("modulation does not fit", kind: .input, expected: "vector of \(2 * channels)", found: "\(inputs[1])")
    }
    return first
  }
}
