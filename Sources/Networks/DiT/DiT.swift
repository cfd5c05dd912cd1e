public import Basics
public import Engine
import Foundation

/// The diffusion transformer (Peebles and Xie 2023, arXiv:2212.09748), `DiT` of facebookresearch/DiT: attention among patches
/// of the latents, conditioned by layer norms whose scales, shifts and gates come from timestep and class (adaLN-Zero).
///
///     let network = try DiT(configuration: ["input_size": 32, "hidden_size": 1152, "depth": 28, "num_heads": 16])
///
/// Inputs: "x" `[N, in_channels, S, S]`, latents; "timesteps" `[N]`, 0…999; "labels" `[N]`, of which `num_classes` stands for no
/// class where the network was trained with such. Output: "out", noise and, with `learn_sigma`, as many channels for the
/// variance. Tokens are pixels of a picture of patches. Taps, tokens as `[N, hidden_size, S / patch_size, S / patch_size]`:
/// "x_embed", before places are added; "t_sinusoid", "t_embed" and "y_embed"; of every block "block_0_modulation",
/// "block_0_attn", its attention before the gate, and "block_0", its result; "final_tokens".
public struct DiT: Network {
  public static let architecture = "dit"
  public static let version = 1
  public static let taps: Set<String> = Set(
    ["x_embed", "t_sinusoid", "t_embed", "y_embed", "final_tokens"]
      + (0..<DiTConfiguration.depthLimit).flatMap { ["block_\($0)_modulation", "block_\($0)_attn", "block_\($0)"] })

  let arguments: DiTConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try DiTConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape { ImageShape(channels: arguments.inChannels, side: arguments.inputSize) }
  public var outputChannels: Int { arguments.outputChannels }
  public var classCount: Int? { arguments.numClasses }
  /// The row past the last class, which training puts in place of classes it drops.
  public var nullClass: Int? { arguments.classDropoutProb > 0 ? arguments.numClasses : nil }
  /// `forward_with_cfg` guides three channels, whatever the latents have.
  public var guidedChannels: Int { min(3, image.channels) }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = DiTLayers(arguments, taps: taps)
    var h = layers.patches(layers.input(image))
    let condition = layers.embed()
    for block in 0..<arguments.depth { h = layers.block(h, block, condition) }
    layers.graph.output("out", layers.picture(h, condition))
    return try layers.finish()
  }

  /// The table of places as the original makes it (`get_2d_sincos_pos_embed`), float64 `[tokens, hidden_size]`, tokens row by row: half
  /// the numbers tell the column, half the row, each half sines, then cosines of the place times `10000^(-k / (width / 4))`. A
  /// checkpoint stores it, rounded to float32, as `pos_embed`, and that is what is evaluated.
  public func placeTable() throws -> HostTensor {
    let quarter = arguments.hiddenSize / 4
    let rates = (0..<quarter).map { 1 / pow(10000, Double($0) / Double(quarter)) }
    func half(_ place: Int) -> [Double] { rates.map { sin(Double(place) * $0) } + rates.map { cos(Double(place) * $0) } }
    let halves = (0..<arguments.side).map(half)
    let table = halves.flatMap { row in halves.flatMap { column in column + row } }
    return try HostTensor(doubles: table, shape: [arguments.side * arguments.side, arguments.hiddenSize])
  }
}
