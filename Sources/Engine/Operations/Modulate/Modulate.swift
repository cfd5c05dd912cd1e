/// A picture and a vector `[scale, shift]`: `x * (1 + scale) + shift` per channel.
package struct Modulate: Operation {
  package var name: String { "modulate" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.broadcast(operands, width: 2) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    let scale = graph.slice(node.inputs[1], channels: 0..<graph.shape(gradient).channels)
    return try first(graph.add(gradient, graph.multiply(gradient, scale)), wanted: wanted)
  }
}

extension GraphBuilder {
  /// `x * (1 + scale) + shift`; `scaleShift` holds the scales of all channels, then the shifts.
  public mutating func modulate(_ x: ValueID, scaleShift: ValueID) -> ValueID { append(Modulate(), [x, scaleShift]) }
}
