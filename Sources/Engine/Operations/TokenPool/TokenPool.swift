import Basics

/// The tokens of guided-diffusion's `AttentionPool2d`: the mean of a picture's pixels, then the pixels, each plus a learned
/// position.
package struct TokenPool: Operation {
  /// `[channels, pixels + 1]`.
  package var positions: ParameterSpec

  package var name: String { "token pool \(positions.name)" }
  package var parameters: [ParameterSpec] { [positions] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let x = try Operands.image(Operands.one(operands))
    let tokens = x.height * x.width + 1
    guard positions.shape == [x.channels, tokens] else {
      throw PlumbError(
        "positions do not fit the picture", kind: .input, at: positions.name, expected: "[\(x.channels), \(tokens)]",
        found: "\(positions.shape)")
    }
    return .image(height: tokens, width: 1, channels: x.channels)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.append(TokenPoolAdjoint(shape: graph.shape(node.inputs[0])), [gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// The mean of the pixels, then the pixels, each plus a learned position; `positions` is `[channels, pixels + 1]`. A
  /// picture of `pixels + 1` rows.
  public mutating func tokenPool(_ x: ValueID, positions: ParameterSpec) -> ValueID {
    append(TokenPool(positions: positions), [x])
  }
}
