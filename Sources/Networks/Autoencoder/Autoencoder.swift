public import Basics
import Checkpoints
public import Engine

/// Which of LDM's two autoencoders.
public protocol LatentKind: Sendable {
  static var architecture: String { get }
  static var encoding: LatentEncoding { get }
  /// Values of the decoder that can be handed out.
  static var taps: Set<String> { get }
}

/// Latents that a decoder replaces by the nearest entries of a codebook: LDM's `VQModelInterface`, which encodes without
/// quantising. Taps of the decoder: "quantized", the entries `[N, C, h, w]`; "indices" `[N, 1, h, w]`, their numbers; and
/// "decoded_not_quantized", the picture made from the latents as they are.
public enum VectorQuantised: LatentKind {
  public static let architecture = "ldm-vq"
  public static let encoding = LatentEncoding.direct
  public static let taps: Set<String> = ["quantized", "indices", "decoded_not_quantized"]
}

/// Latents drawn from a normal distribution: LDM's and Diffusers' `AutoencoderKL`.
public enum GaussianLatents: LatentKind {
  public static let architecture = "ldm-kl"
  public static let encoding = LatentEncoding.moments
  public static let taps: Set<String> = []
}

/// The convolutional autoencoder of latent diffusion (CompVis/latent-diffusion, `autoencoder.py`), configured under the
/// original argument names, `ddconfig` inside or spread out, or by the config.json of a Diffusers `AutoencoderKL`.
public struct Autoencoder<Latents: LatentKind>: FirstStage {
  public static var architecture: String { Latents.architecture }
  public static var version: Int { 1 }
  public static var role: NetworkRole { .firstStage }
  public static var taps: Set<String> { Latents.taps }

  let arguments: AutoencoderConfiguration

  public init(configuration: JSONValue) throws {
    arguments = try AutoencoderConfiguration(configuration, isQuantised: Latents.encoding == .direct)
  }

  public var configuration: JSONValue { arguments.canonical }
  public var image: ImageShape { ImageShape(channels: arguments.inChannels, side: arguments.imageSize) }
  public var outputChannels: Int { arguments.outCh }
  public var classCount: Int? { nil }
  public var latent: ImageShape { ImageShape(channels: arguments.embedDim, side: arguments.latentSize) }
  public var scaleFactor: Double { arguments.scaleFactor }
  public var encoding: LatentEncoding { Latents.encoding }

  /// The size of the pictures: every level but the first has halved it.
  public static func arguments(_ recognised: [String: JSONValue], latent: ImageShape) -> [String: JSONValue] {
    guard let levels = recognised["ch_mult"]?.list?.count, levels > 0, levels <= 12 else { return [:] }
    return ["resolution": JSONValue(latent.height << (levels - 1))]
  }

  public func encoderGraph() throws -> Graph {
    var layers = PyramidLayers(arguments.pyramid)
    layers.graph.output("encoded", encode(layers.input(image), &layers))
    return try layers.finish()
  }

  public func decoderGraph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = PyramidLayers(arguments.pyramid, taps: taps)
    let x = layers.input(latent)
    // 1/scale_factor times the latents, as the original writes it.
    let z = arguments.scaleFactor == 1 ? x : layers.graph.scale(x, by: Float(1 / arguments.scaleFactor))
    return try finish(z, &layers)
  }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = PyramidLayers(arguments.pyramid, taps: taps)
    let encoded = encode(layers.input(image), &layers)
    let z = encoding == .moments ? layers.graph.slice(encoded, channels: 0..<latent.channels) : encoded
    return try finish(z, &layers)
  }

  /// A picture to its latents, or to their moments.
  private func encode(_ x: ValueID, _ layers: inout PyramidLayers) -> ValueID {
    let (encoder, parts) = (ParameterScope("encoder"), encoding == .moments ? 2 : 1)
    var h = layers.convolution(x, encoder["conv_in"], width: arguments.pyramid.ch)
    h = layers.middle(layers.downward(h, encoder["down"]), encoder["mid"])
    h = layers.ending(h, norm: encoder["norm_out"], convolution: encoder["conv_out"], width: parts * arguments.zChannels)
    return layers.convolution(h, "quant_conv", width: parts * arguments.embedDim, kernel: 1)
  }

  /// Latents, quantised where that is done, to a picture.
  private func decode(_ z: ValueID, _ layers: inout PyramidLayers) -> ValueID {
    let (decoder, pyramid) = (ParameterScope("decoder"), arguments.pyramid)
    var h = layers.convolution(z, "post_quant_conv", width: arguments.zChannels, kernel: 1)
    h = layers.convolution(h, decoder["conv_in"], width: pyramid.width(pyramid.levels - 1))
    h = layers.upward(layers.middle(h, decoder["mid"]), decoder["up"])
    return layers.ending(h, norm: decoder["norm_out"], convolution: decoder["conv_out"], width: arguments.outCh)
  }

  /// From unscaled latents to the finished graph.
  private func finish(_ z: ValueID, _ layers: inout PyramidLayers) throws -> Graph {
    guard let entries = arguments.nEmbed else {
      layers.graph.output("out", decode(z, &layers))
      return try layers.finish()
    }
    let codebook = ParameterScope("quantize.embedding").parameter("weight", [entries, arguments.embedDim])
    let nearest = layers.graph.nearestRow(z, table: codebook)
    layers.tap("quantized", nearest.rows)
    layers.tap("indices", nearest.indices)
    layers.graph.output("out", decode(nearest.rows, &layers))
    if layers.taps.contains("decoded_not_quantized") { layers.tap("decoded_not_quantized", decode(z, &layers)) }
    return try layers.finish()
  }
}
