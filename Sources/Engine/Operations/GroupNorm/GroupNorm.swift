import Basics

/// Group normalisation with its affine part.
package struct GroupNorm: Operation {
  package var groups: Int
  package var epsilon: Float
  /// `[channels]`.
  package var weight: ParameterSpec
  /// `[channels]`.
  package var bias: ParameterSpec

  package var name: String { "group norm \(weight.name)" }
  package var parameters: [ParameterSpec] { [weight, bias] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let x = try Operands.one(operands)
    let channels = try Operands.image(x).channels
    guard groups > 0, channels % groups == 0 else {
      throw PlumbError("channels do not divide into groups", kind: .input, expected: "a multiple of \(groups)", found: "\(channels)")
    }
    guard epsilon >= 0, epsilon.isFinite else { throw PlumbError("bad epsilon", kind: .input, found: "\(epsilon)") }
    for parameter in [weight, bias] where parameter.shape != [channels] {
      throw PlumbError(
        "bad shape of a norm parameter", kind: .input, at: parameter.name, expected: "[\(channels)]", found: "\(parameter.shape)")
    }
    return x
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.append(GroupNormAdjoint(norm: self), [node.inputs[0], gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// `(x - mean) / sqrt(variance + epsilon) * weight + bias`, mean and biased variance over the pixels and the channels
  /// of a group (Wu and He 2018).
  public mutating func groupNorm(_ x: ValueID, groups: Int, epsilon: Float, weight: ParameterSpec, bias: ParameterSpec) -> ValueID {
    append(GroupNorm(groups: groups, epsilon: epsilon, weight: weight, bias: bias), [x])
  }
}
