/// The product of two values of one shape, number by number.
package struct Multiply: Operation {
  package var name: String { "multiply" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.alike(operands) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    [
      wanted[0] ? graph.multiply(gradient, node.inputs[1]) : nil, wanted[1] ? graph.multiply(gradient, node.inputs[0]) : nil,
    ]
  }
}

extension GraphBuilder {
  /// The product of two values of one shape, number by number; or of every pixel of `a` with the vector `b`.
  public mutating func multiply(_ a: ValueID, _ b: ValueID) -> ValueID {
    if case .vector = shape(b), case .image = shape(a) { return append(MultiplyVector(), [a, b]) }
    return append(Multiply(), [a, b])
  }
}
