import Basics

/// How queries, keys and values of the heads lie in the channels.
public enum AttentionOrder: String, Hashable, Sendable, CaseIterable {
  /// (part, head, channel): guided-diffusion's new order.
  case partsThenHeads
  /// (head, part, channel): its legacy order.
  case headsThenParts
  /// (head, channel, part): EDM's. Its keys are divided by sqrt(width); here queries and keys share the factor, which is
  /// the same product.
  case headsThenChannelsThenParts
}

/// Dot-product attention among the pixels of a picture.
package struct Attention: Operation {
  package var heads: Int
  package var order: AttentionOrder

  package var name: String { "attention" }

  package func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    let x = try Operands.image(Operands.one(operands))
    guard heads > 0, x.channels % 3 == 0, (x.channels / 3) % heads == 0 else {
      throw PlumbError(
        "channels do not divide into heads", kind: .input, expected: "a multiple of 3 x \(heads) heads", found: "\(x.channels)")
    }
    return .image(height: x.height, width: x.width, channels: x.channels / 3)
  }

  package func flops(_ operands: [ValueShape], result: ValueShape) -> Int { 4 * result.pixels * result.pixels * result.channels }

  package func adjoints(_ node: Node, _ gradient: ValueID, wanted: [Bool], _ graph: inout GraphBuilder) throws -> [ValueID?] {
    guard order != .headsThenChannelsThenParts else { throw missingGradient() }
    return try first(graph.append(AttentionAdjoint(attention: self), [node.inputs[0], gradient]), wanted: wanted)
  }
}

extension GraphBuilder {
  /// Dot-product attention among the pixels of a picture of `3C` channels holding queries, keys and values; gives `C`
  /// channels in the order (head, channel). Queries and keys are each multiplied by `width^(-1/4)`.
  public mutating func attention(_ qkv: ValueID, heads: Int, order: AttentionOrder) -> ValueID {
    append(Attention(heads: heads, order: order), [qkv])
  }
}
