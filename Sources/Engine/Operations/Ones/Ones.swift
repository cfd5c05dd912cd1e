/// Ones of the operand's shape: the gradient of a sum, where the reverse pass begins.
package struct Ones: Operation {
  package init() {}

  package var name: String { "gradient of a sum" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape { try Operands.one(operands) }
}
