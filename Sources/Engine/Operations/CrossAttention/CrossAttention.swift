import Basics

/// Where attention with separate operands applies its factor; `width` is that of a head.
public enum AttentionScale: String, Hashable, Sendable, CaseIterable {
  /// Queries and keys are each multiplied by `width^(-1/4)`.
  case queriesAndKeys
  /// Their products are multiplied by `width^(-1/2)`.
  case scores
}

/// Dot-product attention of queries to the keys and values of the same or another sequence.
package struct CrossAttention: Operation {
  package var heads: Int
  package var scale: AttentionScale

  package var name: String { "attention" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.count(operands, 3)
    let (queries, keys, values) = (operands[0], operands[1], operands[2])
    guard operands.allSatisfy({ $0 != .scalar }), keys == values, keys.channels == queries.channels else {
      throw PlumbError(
        "queries, keys and values do not fit", kind: .input, expected: "keys and values of one shape, all of \(queries.channels) channels",
        found: "\(queries), \(keys), \(values)")
    }
    guard heads > 0, queries.channels % heads == 0 else {
      throw PlumbError(
        "channels do not divide into heads", kind: .input, expected: "a multiple of \(heads) heads", found: "\(queries.channels)")
    }
    return queries
  }

  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int {
    4 * result.pixels * (operands.count > 1 ? operands[1].pixels : 0) * result.channels
  }
}

extension GraphBuilder {
  /// Dot-product attention of the pixels (or tokens) of one picture to those of another: `softmax(q k^T) v` in every head.
  /// Queries are `C` channels, keys and values `C` channels of a second extent, which may be the same; a vector is a
  /// sequence of one token. Heads lie one after the other; gives the queries' shape.
  public mutating func attention(
    queries: ValueID, keys: ValueID, values: ValueID, heads: Int, scale: AttentionScale
  ) -> ValueID {
    append(CrossAttention(heads: heads, scale: scale), [queries, keys, values])
  }
}
