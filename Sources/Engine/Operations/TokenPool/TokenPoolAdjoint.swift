/// From the gradient at tokens back to the picture.
package struct TokenPoolAdjoint: Operation {
  /// Of the picture.
  package var shape: ValueShape

  package var name: String { "adjoint of token pool" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands == [.image(height: shape.pixels + 1, width: 1, channels: shape.channels)])
    return shape
  }
}
