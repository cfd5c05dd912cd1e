/// The gradient at the first numbers of a value of `shape`, zeros elsewhere.
package struct FirstPixelAdjoint: Operation {
  package var shape: ValueShape

  package var name: String { "adjoint of first pixel" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands.count == 1 && operands[0].count <= shape.count)
    return shape
  }
}
