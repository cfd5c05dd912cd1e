import Basics
import Engine

/// What a network's graph is built with: layers that add their operations to it under the checkpoint's names.
///
/// Conformers hold what their layers share (the arguments, the embedding, the skips); the layers themselves are those of
/// this protocol's extensions, one family a file.
protocol LayerBuilder {
  var graph: GraphBuilder { get set }
  /// Names of values to be handed out besides the results.
  var taps: Set<String> { get }
}

/// A builder of a network with group norms.
protocol GroupNormBuilder: LayerBuilder {
  /// What they have in common.
  var groupNorm: GroupNormStyle { get }
}

/// What the group norms of a network have in common (Wu and He 2018).
struct GroupNormStyle: Sendable {
  /// Groups of so many channels.
  var groups: @Sendable (_ channels: Int) -> Int
  var epsilon: Float

  /// The same number of groups everywhere.
  init(groups: Int, epsilon: Float) { self.init(epsilon: epsilon) { _ in groups } }

  init(epsilon: Float, groups: @escaping @Sendable (_ channels: Int) -> Int) {
    self.groups = groups
    self.epsilon = epsilon
  }
}

/// Layers that share nothing.
struct PlainLayers: LayerBuilder {
  var graph = GraphBuilder()
  var taps: Set<String> = []
}

extension LayerBuilder {
  /// Channels of a picture, width of a vector.
  func channels(_ x: ValueID) -> Int { graph.shape(x).channels }

  /// Declares the input "x", pictures or latents.
  mutating func input(_ image: ImageShape) -> ValueID {
    graph.imageInput("x", channels: image.channels, height: image.height, width: image.width)
  }

  /// Hands `x` out when its name was asked for.
  mutating func tap(_ name: String, _ x: ValueID) {
    if taps.contains(name) { graph.output(name, x) }
  }

  /// The finished graph. Throws what is wrong with it, and when a value that was asked for is none of this configuration's.
  mutating func finish() throws -> Graph {
    let graph = try graph.finish()
    if let absent = taps.subtracting(graph.outputs.map(\.name)).min() {
      throw PlumbError("a network of this configuration has no such value to hand out", kind: .input, at: absent)
    }
    return graph
  }
}
