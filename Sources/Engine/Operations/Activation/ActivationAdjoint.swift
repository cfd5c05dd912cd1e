/// The gradient times the slope of a function. Operands: the function's own, the gradient.
package enum ActivationAdjoint: String, Operation, BitwiseCopyable, CaseIterable {
  case silu, relu

  package var name: String { "adjoint of \(rawValue)" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.check(adjoint: operands, operands.count == 2 && operands.first == operands.last)
    return operands[0]
  }
}
