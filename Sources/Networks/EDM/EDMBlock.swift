public import Basics
public import Engine

/// One `UNetBlock` of EDM's networks by itself, configured by its keyword arguments: to look at a single layer.
public struct EDMBlock: Sendable {
  let arguments: EDMBlockArguments

  /// Throws `PlumbError` whose place is the argument at fault.
  public init(configuration: JSONValue) throws {
    arguments = try EDMBlockArguments(configuration)
  }

  /// Channels of the input.
  public var inChannels: Int { arguments.inChannels }
  /// Width of the embedding.
  public var embChannels: Int { arguments.embChannels }
  /// Attention heads; 0 when the block does not attend.
  public var heads: Int { arguments.heads }

  /// Inputs "x" `[N, in_channels, height, width]` and "emb" `[N, emb_channels, 1, 1]`; outputs "y" and, for a block that attends,
  /// "qkv", whose channels lie in the order (head, channel, part). Parameters have the names they have in the block.
  public func graph(height: Int, width: Int) throws -> Graph {
    var layers = EDMBlockLayers(groupNorm: .edm(epsilon: arguments.eps))
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: height, width: width)
    let embedding = layers.graph.imageInput("emb", channels: arguments.embChannels, height: 1, width: 1)
    layers.graph.output("y", layers.block(x, layers.graph.flattenCHW(embedding), "", arguments))
    return try layers.graph.finish()
  }
}

/// The layers of one block, whose parameters have no prefix.
private struct EDMBlockLayers: EDMLayers {
  var graph = GraphBuilder()
  let taps: Set<String> = ["qkv"]
  var blockNames: [String] = []
  let groupNorm: GroupNormStyle
}
