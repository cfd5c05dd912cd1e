import Basics

/// Every number times a constant.
package struct Scale: Operation {
  package var factor: Float

  package var name: String { "scale" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    guard factor.isFinite else { throw PlumbError("bad factor", kind: .input, expected: "a finite number", found: "\(factor)") }
    return try Operands.one(operands)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.scale(gradient, by: factor), wanted: wanted)
  }
}

extension GraphBuilder {
  /// Every number of `x` times `factor`, in float32.
  public mutating func scale(_ x: ValueID, by factor: Float) -> ValueID { append(Scale(factor: factor), [x]) }
}
