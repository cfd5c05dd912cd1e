/// A picture and a vector with one number per channel, multiplied with every pixel. `GraphBuilder.multiply` adds it.
package struct MultiplyVector: Operation {
  package var name: String { "multiply by vector" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.broadcast(operands, width: 1) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.multiply(gradient, node.inputs[1]), wanted: wanted)
  }
}
