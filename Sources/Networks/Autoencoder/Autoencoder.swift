import Basics
import Checkpoints
import Engine

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
  public var image: ImageShape { ImageShape(channels: arguments.inChannels, height: arguments.imageSize, width: arguments.imageSize) }
  public var outputChannels: Int { arguments.outCh }
  public var classCount: Int? { nil }
  public var latent: ImageShape {
    ImageShape(channels: arguments.embedDim, height: arguments.latentSize, width: arguments.latentSize)
  }
  public var scaleFactor: Double { arguments.scaleFactor }
  public var encoding: LatentEncoding { Latents.encoding }

  /// The size of the pictures: every level but the first has halved it.
  public static func arguments(_ recognised: [String: JSONValue], latent: ImageShape) -> [String: JSONValue] {
    guard let levels = recognised["ch_mult"]?.list?.count, levels > 0, levels <= 12 else { return [:] }
    return ["resolution": JSONValue(latent.height << (levels - 1))]
  }

  public func encoderGraph() throws -> Graph {
    var layers = AutoencoderLayers(arguments)
    let x = layers.input(image)
    layers.graph.output("encoded", layers.encode(x))
    return try layers.graph.finish()
  }

  public func decoderGraph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = AutoencoderLayers(arguments)
    let x = layers.input(latent)
    // 1/scale_factor times the latents, as the original writes it.
    let z = arguments.scaleFactor == 1 ? x : layers.graph.scale(x, by: Float(1 / arguments.scaleFactor))
    finish(z, &layers, taps)
    return try layers.graph.finish()
  }

  public func graph(taps: Set<String>) throws -> Graph {
    try check(taps: taps)
    var layers = AutoencoderLayers(arguments)
    let encoded = layers.encode(layers.input(image))
    let z = encoding == .moments ? layers.graph.slice(encoded, channels: 0..<latent.channels) : encoded
    finish(z, &layers, taps)
    return try layers.graph.finish()
  }

  /// From unscaled latents to the outputs.
  private func finish(_ z: ValueID, _ layers: inout AutoencoderLayers, _ taps: Set<String>) {
    guard let entries = arguments.nEmbed else {
      layers.graph.output("out", layers.decode(z))
      return
    }
    let codebook = ParameterSpec(name: "quantize.embedding.weight", shape: [entries, arguments.embedDim])
    let nearest = layers.graph.nearestRow(z, table: codebook)
    if taps.contains("quantized") { layers.graph.output("quantized", nearest.rows) }
    if taps.contains("indices") { layers.graph.output("indices", nearest.indices) }
    layers.graph.output("out", layers.decode(nearest.rows))
    if taps.contains("decoded_not_quantized") { layers.graph.output("decoded_not_quantized", layers.decode(z)) }
  }
}
