public import Basics
public import Engine

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
  public static let conventions = ChainConventions(variance: .fixedLarge, spacing: .ddimUniform)
  public static let taps: Set<String> = ["temb", "h_mid"]

  let arguments: DDIMUNetConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try DDIMUNetConfiguration(configuration)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape {
    ImageShape(channels: arguments.inChannels, side: arguments.resolution)
  }
  public var outputChannels: Int { arguments.outCh }
  public var classCount: Int? { nil }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = PyramidLayers(arguments.pyramid, taps: taps)
    let x = layers.input(image)
    layers.embed(width: arguments.pyramid.ch)
    var h = layers.convolution(x, "conv_in", width: arguments.pyramid.ch)
    var skips = [h]
    h = layers.downward(h, "down") { skips.append($0) }
    h = layers.middle(h, "mid")
    layers.tap("h_mid", h)
    h = layers.upward(h, "up") { graph, h in skips.popLast().map { graph.concatenate(h, $0) } ?? h }
    layers.graph.output("out", layers.ending(h, norm: "norm_out", convolution: "conv_out", width: arguments.outCh))
    return try layers.finish()
  }
}

extension PyramidLayers {
  /// Sinusoidal embedding of the timestep, linear, SiLU, linear; every residual block adds its SiLU. Declares the input
  /// "timesteps".
  fileprivate mutating func embed(width: Int) {
    // exp(-ln(10000) k / (half - 1)), the sines first.
    let sinusoid = graph.timestepEmbedding(
      graph.scalarInput("timesteps"), width: width, maxPeriod: 10000, halfDivisor: width / 2 - 1, order: .sineFirst,
      formula: .exponentialOfRate)
    let embedding = perceptron(sinusoid, "temb.dense.0", "temb.dense.1", width: 4 * width)
    tap("temb", embedding)
    conditioning = .added(graph.silu(embedding))
  }
}
