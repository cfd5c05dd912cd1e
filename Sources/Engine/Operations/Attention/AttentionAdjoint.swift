/// Operands: queries, keys and values, the gradient.
package struct AttentionAdjoint: Operation {
  package var attention: Attention

  package var name: String { "adjoint of attention" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands.count == 2 && (try attention.resultShape([operands[0]])) == operands[1])
    return operands[0]
  }

  /// Five products among the pixels, as the forward pass counts two.
  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int {
    10 * result.pixels * result.pixels * (result.channels / 3)
  }
}
