/// Operands: logits, labels, the gradient.
package struct LogProbabilityAdjoint: Operation {
  package var name: String { "adjoint of log probability" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.count(operands, 3)
    try Operands.check(adjoint: operands, (try LogProbability().resultShape(Array(operands.prefix(2)))) == operands[2])
    return operands[0]
  }

  package func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>? { operand == 1 ? 0..<operands[0].count : nil }
}
