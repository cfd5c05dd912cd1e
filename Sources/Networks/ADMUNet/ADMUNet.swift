import Basics
import Engine

/// ADM's U-Net: guided-diffusion's `UNetModel` (Dhariwal and Nichol 2021, arXiv:2105.05233), with every option of its
/// constructor, configured under the original argument names.
///
///     let network = try ADMUNet(configuration: ["image_size": 32, "in_channels": 3, ...])
///     let graph = try network.graph(taps: ["h_middle"])
///
/// Inputs: "x" `[N, in_channels, S, S]`, "timesteps" `[N]` as the original numbering gives them (fractions are fine) and,
/// with `num_classes`, "labels" `[N]`. Output: "out" `[N, out_channels, S, S]`. Taps: "time_emb" `[N, 4 * model_channels]`,
/// before the class embedding is added, and "h_middle", the output of the middle block. Dropout is off.
public struct ADMUNet: Network {
  public static let architecture = "adm-unet"
  public static let version = 1
  public static let taps: Set<String> = ["time_emb", "h_middle"]

  let arguments: ADMUNetConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try ADMUNetConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape {
    ImageShape(channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
  }
  public var outputChannels: Int { arguments.outChannels }
  public var classCount: Int? { arguments.numClasses }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    let arguments = arguments
    var layers = ADMLayers(arguments)
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
    let timeEmbedding = layers.embedding()
    if taps.contains("time_emb") { layers.graph.output("time_emb", timeEmbedding) }
    var blocks = ADMUNetBlocks(arguments, layers) { layers, x, name, isUpward in
      layers.attention(x, name, heads: arguments.heads(width: layers.channels(x), isUpward: isUpward))
    }
    blocks.tap = { graph, block, value in
      if block == "middle_block", taps.contains("h_middle") { graph.output("h_middle", value) }
    }
    blocks.layers.graph.output("out", blocks.build(x))
    return try blocks.layers.graph.finish()
  }
}
