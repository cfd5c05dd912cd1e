public import Basics
public import Engine

/// The autoencoder of a latent diffusion model (Rombach et al. 2022, arXiv:2112.10752): from pictures to the latents a
/// sampler works on, and back.
///
///     let stage = try NetworkCatalogue.network(architecture: "ldm-kl", configuration: [...]) as? any FirstStage
///     let moments = …                     // encoderGraph: "x" [N, C, S, S] to "encoded"
///     let latents = z * stage.scaleFactor // z drawn from the moments, or the encoding itself
///     let pictures = …                    // decoderGraph: "x", latents as a sampler gives them, to "out" [N, C, S, S]
///
/// As a `Network` it is the whole way there and back ("x" to "out", through the mean where there are moments), so that its
/// graph names every parameter. `image` is the picture, with values in [-1, 1].
public protocol FirstStage: Network {
  /// What a sampler works on.
  var latent: ImageShape { get }
  /// What encodings are multiplied by to become latents; a decoder undoes it.
  var scaleFactor: Double { get }
  /// What the encoder gives.
  var encoding: LatentEncoding { get }

  /// What follows for its configuration, as far as it was recognised, from the latents a network was trained on.
  static func arguments(_ recognised: [String: JSONValue], latent: ImageShape) -> [String: JSONValue]

  /// Input "x", pictures `[N, C, H, W]`; output "encoded", `[N, latent.channels, h, w]`, with twice the channels when the
  /// encoding is moments. Not scaled.
  func encoderGraph() throws -> Graph

  /// Input "x", scaled latents `[N, latent.channels, h, w]`; output "out", pictures, not clamped; `taps` adds those of the
  /// type. Throws on an unknown tap.
  func decoderGraph(taps: Set<String>) throws -> Graph
}

extension FirstStage {
  public static var role: NetworkRole { .firstStage }

  /// The decoder without taps.
  public func decoderGraph() throws -> Graph { try decoderGraph(taps: []) }
}

/// What the encoder of a first stage gives.
public enum LatentEncoding: String, Sendable, Hashable {
  /// The latents themselves, before any quantisation.
  case direct
  /// Mean and log-variance of a normal distribution, stacked on the channels.
  case moments
}
