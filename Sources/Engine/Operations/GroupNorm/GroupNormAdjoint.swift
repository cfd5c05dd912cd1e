/// Operands: the norm's own, the gradient.
package struct GroupNormAdjoint: Operation {
  package var norm: GroupNorm

  package var name: String { "adjoint of group norm \(norm.weight.name)" }
  /// The weight alone: a gradient does not depend on the bias.
  package var parameters: [ParameterSpec] { [norm.weight] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands.count == 2 && operands.first == operands.last)
    return try norm.resultShape([operands[0]])
  }
}
