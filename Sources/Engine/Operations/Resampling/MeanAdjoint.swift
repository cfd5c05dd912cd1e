/// From the gradient at the mean of a picture's pixels back to the picture.
package struct MeanAdjoint: Operation {
  /// Of the picture.
  package var shape: ValueShape

  package var name: String { "adjoint of mean" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands == [.image(height: 1, width: 1, channels: shape.channels)])
    return shape
  }
}
