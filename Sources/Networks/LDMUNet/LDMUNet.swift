public import Basics
public import Engine

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
  public static let conventions = ChainConventions(variance: .fixedSmall, spacing: .ldmUniform)
  public static let taps: Set<String> = Set(
    ["t_sinusoid", "t_emb", "context", "h_middle_block"] + (0..<blockLimit).flatMap { ["h_input_blocks_\($0)", "h_output_blocks_\($0)"] })
  /// Blocks of one direction that can be handed out.
  private static let blockLimit = 128

  let arguments: LDMUNetConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try LDMUNetConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape { arguments.unet.image }
  public var outputChannels: Int { arguments.unet.outChannels }
  public var classCount: Int? {
    if case .classes(let count) = arguments.context { count } else { arguments.unet.numClasses }
  }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = ADMLayers(arguments.unet, taps: taps)
    let x = layers.input(image)
    let context = context(&layers)
    if let context { layers.tap("context", context) }
    let embedding = layers.embed()
    layers.tap("t_sinusoid", embedding.sinusoid)
    layers.tap("t_emb", embedding.time)
    layers.each = { layers, block, value in layers.tap("h_" + block.replacing(".", with: "_"), value) }
    layers.attentionLayer = attentionLayer(context)
    layers.graph.output("out", layers.build(x))
    return try layers.finish()
  }

  private func context(_ layers: inout ADMLayers) -> ValueID? {
    let width = arguments.contextDim
    switch arguments.context {
    case .none: return nil
    case .tokens(let count): return layers.graph.sequenceInput("context", length: count, width: width)
    case .classes(let count):
      let table = ParameterSpec(name: LDMCheckpoint.classEmbedding, shape: [count, width])
      return layers.graph.embeddingTable(layers.graph.scalarInput("labels"), weight: table)
    }
  }

  private func attentionLayer(_ context: ValueID?) -> ADMLayers.AttentionLayer {
    let arguments = arguments
    return { layers, x, name, isUpward in
      let heads = arguments.heads(width: layers.channels(x), isUpward: isUpward)
      guard let depth = arguments.transformerDepth, let context else { return layers.selfAttention(x, name, heads: heads) }
      return layers.spatialTransformer(x, name, context: context, heads: heads, depth: depth)
    }
  }
}
