import Basics

/// A picture of the checkpoint's, added to that of every sample: the place of each token.
package struct AddParameter: Operation {
  /// `[1, pixels, channels]`, pixels row by row.
  package var parameter: ParameterSpec

  package var name: String { "add \(parameter.name)" }
  package var parameters: [ParameterSpec] { [parameter] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let shape = try Operands.one(operands)
    _ = try Operands.image(shape)
    guard parameter.shape == [1, shape.pixels, shape.channels] else {
      throw PlumbError(
        "bad shape of a parameter that is added", kind: .input, at: parameter.name, expected: "[1, \(shape.pixels), \(shape.channels)]",
        found: "\(parameter.shape)")
    }
    return shape
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(gradient, wanted: wanted)
  }
}

extension GraphBuilder {
  /// A picture plus `parameter`, `[1, pixels, channels]`, which is the same for every sample: the place of each token.
  public mutating func addParameter(_ x: ValueID, _ parameter: ParameterSpec) -> ValueID {
    append(AddParameter(parameter: parameter), [x])
  }
}
