public import Basics
public import Engine

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
  public var image: ImageShape { arguments.image }
  public var outputChannels: Int { arguments.outChannels }
  public var classCount: Int? { arguments.numClasses }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = ADMLayers(arguments, taps: taps)
    let x = layers.input(image)
    layers.tap("time_emb", layers.embed().time)
    layers.each = { layers, block, value in
      if block == "middle_block" { layers.tap("h_middle", value) }
    }
    layers.graph.output("out", layers.build(x))
    return try layers.finish()
  }
}
