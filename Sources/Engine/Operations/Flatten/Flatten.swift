/// A picture as a vector in PyTorch's order: channel, row, column.
package struct Flatten: Operation {
  package var name: String { "flatten" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { .vector(try Operands.one(operands).count) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let source = graph.shape(node.inputs[0])
    // One pixel lies as a vector does.
    guard source.pixels == 1 else { throw missingGradient() }
    return try first(graph.append(FirstPixelAdjoint(shape: source), [gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// The picture as a vector in PyTorch's order: channel, row, column.
  public mutating func flattenCHW(_ x: ValueID) -> ValueID { append(Flatten(), [x]) }
}
