import Basics
import Engine

/// The U-Net of DDPM and DDIM in PyTorch: `Model` of ermongroup/ddim (Ho et al. 2020, arXiv:2006.11239; Song et al. 2021,
/// arXiv:2010.02502).
///
///     let network = try DDIMUNet(configuration: ["resolution": 32, "in_channels": 3, "out_ch": 3, "ch": 128, ...])
///
/// Inputs: "x" `[N, in_channels, S, S]` and "timesteps" `[N]`, 0…999. Output: "out" `[N, out_ch, S, S]`. Taps: "temb"
/// `[N, 4 * ch]`, the embedded timestep, and "h_mid", the output of the middle. Dropout is off.
public struct DDIMUNet: Network {
  public static let architecture = "ddim-unet"
  public static let version = 1
  public static let taps: Set<String> = ["temb", "h_mid"]

  let arguments: DDIMUNetConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try DDIMUNetConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape {
    ImageShape(channels: arguments.inChannels, height: arguments.resolution, width: arguments.resolution)
  }
  public var outputChannels: Int { arguments.outCh }
  public var classCount: Int? { nil }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = DDIMLayers(arguments)
    let x = layers.graph.imageInput("x", channels: image.channels, height: image.height, width: image.width)
    let embedding = layers.embedding()
    let middle = layers.middle(layers.downward(x))
    layers.graph.output("out", layers.upward(middle))
    for (tap, value) in [("temb", embedding), ("h_mid", middle)] where taps.contains(tap) { layers.graph.output(tap, value) }
    return try layers.graph.finish()
  }
}
