import Basics

/// The log of the softmax of logits at a label.
package struct LogProbability: Operation {
  package var name: String { "log probability" }

  /// Logits (a vector, or a picture of one pixel) and a scalar label give a scalar.
  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let (logits, label) = try Operands.two(operands)
    guard logits.pixels == 1, logits != .scalar, label == .scalar else {
      throw PlumbError("a log probability is of logits at a label", kind: .input, found: "\(logits), \(label)")
    }
    return .scalar
  }

  package func labels(operand: Int, _ operands: [ValueShape]) -> Range<Int>? { operand == 1 ? 0..<operands[0].count : nil }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    try first(graph.append(LogProbabilityAdjoint(), node.inputs + [gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// The log of the softmax of logits (a picture of one pixel, or a vector) at a label. A label outside them is refused when
  /// it is fed.
  public mutating func logProbability(_ logits: ValueID, at labels: ValueID) -> ValueID { append(LogProbability(), [logits, labels]) }
}
