import Basics

/// A row of a table, chosen by a label.
package struct EmbeddingTable: Operation {
  /// `[classes, width]`.
  package var weight: ParameterSpec

  package var name: String { "embedding \(weight.name)" }
  package var parameters: [ParameterSpec] { [weight] }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.scalar(operands)
    guard weight.shape.count == 2, weight.shape.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }) else {
      throw PlumbError("bad shape of a table", kind: .input, at: weight.name, expected: "[classes, width]", found: "\(weight.shape)")
    }
    return .vector(weight.shape[1])
  }

  package func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>? { 0..<weight.shape[0] }
}

extension GraphBuilder {
  /// Row `labels` of `weight`, which is `[classes, width]`. A label outside the table is refused when it is fed.
  public mutating func embeddingTable(_ labels: ValueID, weight: ParameterSpec) -> ValueID {
    append(EmbeddingTable(weight: weight), [labels])
  }
}
