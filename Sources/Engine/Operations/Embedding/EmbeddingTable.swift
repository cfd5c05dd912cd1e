import Basics

/// A row of a table, chosen by a label.
package struct EmbeddingTable: Hashable, Sendable {
  /// `[classes, width]`.
  package var weight: ParameterSpec

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let shape = try Operation.one(inputs)
    guard shape == .scalar else { throw PlumbError("operand is not a scalar", kind: .input, expected: "a scalar", found: "\(shape)") }
    guard weight.shape.count == 2, weight.shape.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }) else {
      throw PlumbError("bad shape of a table", kind: .input, at: weight.name, expected: "[classes, width]", found: "\(weight.shape)")
    }
    return .vector(weight.shape[1])
  }
}
