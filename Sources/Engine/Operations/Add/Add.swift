/// The sum of two values of one shape.
package struct Add: Operation {
  package var name: String { "add" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.alike(operands) }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    wanted.map { $0 ? gradient : nil }
  }
}

extension GraphBuilder {
  /// The sum of two values of one shape.
  public mutating func add(_ a: ValueID, _ b: ValueID) -> ValueID { append(Add(), [a, b]) }
}
