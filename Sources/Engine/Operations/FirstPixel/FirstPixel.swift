/// The first pixel of a picture, a picture of its own.
package struct FirstPixel: Operation {
  package var name: String { "first pixel" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    .image(height: 1, width: 1, channels: try Operands.image(Operands.one(operands)).channels)
  }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.append(FirstPixelAdjoint(shape: graph.shape(node.inputs[0])), [gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// The first pixel, as a picture of one.
  public mutating func firstPixel(_ x: ValueID) -> ValueID { append(FirstPixel(), [x]) }
}
