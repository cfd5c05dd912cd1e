/// A picture and a vector with one number per channel, added to every pixel.
package struct AddVector: Operation {
  package var name: String { "add vector" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.broadcast(operands, width: 1) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(gradient, wanted: wanted)
  }
}

extension GraphBuilder {
  /// `x + v`, `v` holding one number per channel.
  public mutating func addVector(_ x: ValueID, _ v: ValueID) -> ValueID { append(AddVector(), [x, v]) }
}
