import Basics

/// How queries, keys and values of the heads lie in the channels.
public enum AttentionOrder: String, Hashable, Sendable {
  /// (part, head, channel): guided-diffusion's new order.
  case partsThenHeads
  /// (head, part, channel): its legacy order.
  case headsThenParts
  /// (head, channel, part): EDM's. Its keys are divided by sqrt(width); here queries and keys share the factor, which is
  /// the same product.
  case headsThenChannelsThenParts
}

/// Dot-product attention among the pixels of a picture.
package struct Attention: Hashable, Sendable {
  package var heads: Int
  package var order: AttentionOrder

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    let x = try Operation.image(Operation.one(inputs))
    guard heads > 0, x.channels % 3 == 0, (x.channels / 3) % heads == 0 else {
      throw PlumbError(
        "channels do not divide into heads", kind: .input, expected: "a multiple of 3 x \(heads) heads", found: "\(x.channels)")
    }
    return .image(height: x.height, width: x.width, channels: x.channels / 3)
  }
}
