/// The gradient at some channels of a picture or numbers of a vector, from `first` on; zeros elsewhere up to `channels`.
package struct SliceAdjoint: Operation {
  package var first: Int
  package var channels: Int

  package var name: String { "adjoint of slice" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let gradient = try Operands.one(operands)
    try Operands.check(adjoint: operands, gradient != .scalar && first >= 0 && first + gradient.channels <= channels)
    return gradient.with(channels: channels)
  }
}
