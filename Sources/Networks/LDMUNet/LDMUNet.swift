import Basics
import Engine

/// The U-Net of latent diffusion: LDM's `openaimodel.UNetModel` (Rombach et al. 2022, arXiv:2112.10752), guided-diffusion's
/// with, where asked for, spatial transformers in place of attention.
///
///     let network = try LDMUNet(configuration: ["image_size": 64, "in_channels": 3, ..., "n_classes": 1001])
///
/// Inputs: "x" `[N, in_channels, S, S]`, latents; "timesteps" `[N]`, 0…999; and with a context either "labels" `[N]`, a row of
/// the class embedding (`n_classes`, part of this network), or "context" `[N, context_tokens, context_dim]`. Output: "out"
/// `[N, out_channels, S, S]`. Taps: "t_sinusoid", "t_emb", "context" (the embedded class, `[N, context_dim]`) and the results
/// of blocks: "h_input_blocks_0", …, "h_middle_block", "h_output_blocks_0", ….
public struct LDMUNet: Network {
  public static let architecture = "ldm-unet"
  public static let version = 1
  public static let taps: Set<String> = Set(
    ["t_sinusoid", "t_emb", "context", "h_middle_block"] + (0..<blockLimit).flatMap { ["h_input_blocks_\($0)", "h_output_blocks_\($0)"] })
  /// Blocks of one direction that can be handed out.
  private static let blockLimit = 128

  let arguments: LDMUNetConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try LDMUNetConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape {
    ImageShape(channels: arguments.unet.inChannels, height: arguments.unet.imageSize, width: arguments.unet.imageSize)
  }
  public var outputChannels: Int { arguments.unet.outChannels }
  public var classCount: Int? {
    if case .classes(let count) = arguments.context { count } else { arguments.unet.numClasses }
  }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    let unet = arguments.unet
    var layers = ADMLayers(unet)
    let x = layers.graph.imageInput("x", channels: unet.inChannels, height: unet.imageSize, width: unet.imageSize)
    let context = context(&layers.graph)
    let timeEmbedding = layers.embedding()
    for (tap, value) in [("t_sinusoid", layers.sinusoid), ("t_emb", timeEmbedding), ("context", context)] where taps.contains(tap) {
      if let value { layers.graph.output(tap, value) }
    }
    var blocks = ADMUNetBlocks(unet, layers, attention: attention(context))
    blocks.tap = { graph, block, value in
      let name = "h_" + block.replacing(".", with: "_")
      if taps.contains(name) { graph.output(name, value) }
    }
    blocks.layers.graph.output("out", blocks.build(x))
    let graph = try blocks.layers.graph.finish()
    if let absent = taps.subtracting(graph.outputs.map(\.name)).min() {
      throw PlumbError("a network of this configuration has no such value to hand out", kind: .input, at: absent)
    }
    return graph
  }

  private func context(_ graph: inout GraphBuilder) -> ValueID? {
    let width = arguments.contextDim
    switch arguments.context {
    case .none: return nil
    case .tokens(let count): return graph.sequenceInput("context", length: count, width: width)
    case .classes(let count):
      let table = ParameterSpec(name: LDMCheckpoint.classEmbedding, shape: [count, width])
      return graph.embeddingTable(graph.scalarInput("labels"), weight: table)
    }
  }

  private func attention(_ context: ValueID?) -> ADMUNetBlocks.AttentionLayer {
    let arguments = arguments
    return { layers, x, name, isUpward in
      let heads = arguments.heads(width: layers.channels(x), isUpward: isUpward)
      guard let depth = arguments.transformerDepth, let context else { return layers.attention(x, name, heads: heads) }
      return layers.spatialTransformer(x, name, context: context, heads: heads, depth: depth)
    }
  }
}
