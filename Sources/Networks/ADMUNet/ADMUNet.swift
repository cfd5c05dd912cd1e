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
    var layers = ADMLayers(arguments)
    let x = layers.graph.imageInput("x", channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize)
    let timeEmbedding = layers.embedding()
    if taps.contains("time_emb") { layers.graph.output("time_emb", timeEmbedding) }

    var skips: [ValueID] = []
    var h = downward(x, &layers, skips: &skips)
    h = layers.residual(h, "middle_block.0", width: layers.channels(h))
    h = layers.attention(h, "middle_block.1", isUpward: false)
    h = layers.residual(h, "middle_block.2", width: layers.channels(h))
    if taps.contains("h_middle") { layers.graph.output("h_middle", h) }

    h = upward(h, &layers, skips: &skips)
    h = layers.graph.silu(layers.norm(h, "out.0"))
    layers.graph.output("out", layers.convolution(h, "out.2", width: arguments.outChannels, kernel: 3))
    return try layers.graph.finish()
  }

  /// `input_blocks`: a convolution, then for every level its residual blocks and, but for the last, one that halves. The
  /// output of every block is a skip.
  private func downward(_ x: ValueID, _ layers: inout ADMLayers, skips: inout [ValueID]) -> ValueID {
    var h = layers.convolution(x, "input_blocks.0.0", width: arguments.width(0), kernel: 3)
    skips.append(h)
    for level in 0..<arguments.levels {
      for _ in 0..<arguments.numResBlocks {
        let block = "input_blocks.\(skips.count)"
        h = layers.residual(h, "\(block).0", width: arguments.width(level))
        if arguments.attentionResolutions.contains(1 << level) { h = layers.attention(h, "\(block).1", isUpward: false) }
        skips.append(h)
      }
      if level < arguments.levels - 1 {
        h = layers.halve(h, "input_blocks.\(skips.count).0")
        skips.append(h)
      }
    }
    return h
  }

  /// `output_blocks`: every block takes the latest skip left beside its input; the last one of a level, but for the first
  /// level, doubles.
  private func upward(_ middle: ValueID, _ layers: inout ADMLayers, skips: inout [ValueID]) -> ValueID {
    var h = middle
    var index = 0
    for level in (0..<arguments.levels).reversed() {
      for position in 0...arguments.numResBlocks {
        guard let skip = skips.popLast() else { return h }
        let block = "output_blocks.\(index)"
        var layer = 1
        h = layers.residual(layers.graph.concatenate(h, skip), "\(block).0", width: arguments.width(level))
        if arguments.attentionResolutions.contains(1 << level) {
          h = layers.attention(h, "\(block).1", isUpward: true)
          layer = 2
        }
        if level > 0, position == arguments.numResBlocks { h = layers.double(h, "\(block).\(layer)") }
        index += 1
      }
    }
    return h
  }
}
