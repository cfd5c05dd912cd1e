import Basics

/// Where attention with separate operands applies its factor; `width` is that of a head.
public enum AttentionScale: String, Hashable, Sendable {
  /// Queries and keys are each multiplied by `width^(-1/4)`.
  case queriesAndKeys
  /// Their products are multiplied by `width^(-1/2)`.
  case scores
}

/// Dot-product attention of queries to the keys and values of the same or another sequence.
package struct CrossAttention: Hashable, Sendable {
  package var heads: Int
  package var scale: AttentionScale

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    guard inputs.count == 3 else {
      throw PlumbError("wrong number of operands", kind: .input, expected: "3", found: "\(inputs.count)")
    }
    let (queries, keys, values) = (inputs[0], inputs[1], inputs[2])
    guard inputs.allSatisfy({ $0 != .scalar }), keys == values, keys.channels == queries.channels else {
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
}
