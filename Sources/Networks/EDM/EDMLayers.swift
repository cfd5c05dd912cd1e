import Engine

/// The layers of EDM's networks (Karras et al. 2022, `training/networks.py`), each adding its operations to the graph under
/// the checkpoint's names. What is asked for as a tap becomes an output.
struct EDMLayers {
  enum Resampling { case none, up, down }

  var graph = GraphBuilder()
  private let taps: Set<String>

  init(taps: Set<String> = []) { self.taps = taps }

  func channels(_ x: ValueID) -> Int { graph.shape(x).channels }

  /// Hands `x` out when its name was asked for.
  mutating func tap(_ name: String, _ x: ValueID) {
    if taps.contains(name) { graph.output(name, x) }
  }

  mutating func linear(_ x: ValueID, _ name: String, width: Int, bias: Bool = true) -> ValueID {
    graph.linear(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x)]),
      bias: bias ? ParameterSpec(name: "\(name).bias", shape: [width]) : nil)
  }

  /// Group norm with at most 32 groups of at least four channels.
  mutating func norm(_ x: ValueID, _ name: String, epsilon: Double) -> ValueID {
    let width = channels(x)
    return graph.groupNorm(
      x, groups: min(32, width / 4), epsilon: Float(epsilon), weight: ParameterSpec(name: "\(name).weight", shape: [width]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]))
  }

  /// A square convolution; `padding` is what keeps the size unless given.
  mutating func convolution(_ x: ValueID, _ name: String, width: Int, kernel: Int, padding: Int? = nil) -> ValueID {
    graph.convolution(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x), kernel, kernel]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]), stride: 1, padding: padding ?? kernel / 2)
  }

  /// The resampling of the layer `name`, whose buffer holds the taps; comes before the layer's own convolution.
  mutating func resample(_ x: ValueID, _ name: String, _ resampling: Resampling, length: Int) -> ValueID {
    let taps = ParameterSpec(name: "\(name).resample_filter", shape: [1, 1, length, length])
    return switch resampling {
    case .none: x
    case .up: graph.filterUp(x, taps: taps)
    case .down: graph.filterDown(x, taps: taps)
    }
  }

  /// A convolution that also halves, in the "fused" order of the original: it convolves first, with a border as wide as the
  /// filter needs, and filters without one. The taps sum to one, so the bias may come before them.
  mutating func fusedDown(_ x: ValueID, _ name: String, width: Int, kernel: Int, length: Int) -> ValueID {
    let wide = convolution(x, name, width: width, kernel: kernel, padding: kernel / 2 + (length - 1) / 2)
    let taps = ParameterSpec(name: "\(name).resample_filter", shape: [1, 1, length, length])
    return graph.filterDown(wide, taps: taps, padding: 0)
  }

  /// norm, SiLU, convolution; the embedding; norm, SiLU, convolution; plus the input; then attention where the block has
  /// it. Gives the tap `name`, and `name`.qkv for the attention's queries, keys and values.
  mutating func block(_ x: ValueID, _ embedding: ValueID, _ name: String, _ block: EDMBlockArguments) -> ValueID {
    let prefix = name.isEmpty ? "" : name + "."
    let resampling: Resampling = block.up ? .up : block.down ? .down : .none
    let length = block.resampleFilter.count
    var h = graph.silu(norm(x, "\(prefix)norm0", epsilon: block.eps))
    h = convolution(resample(h, "\(prefix)conv0", resampling, length: length), "\(prefix)conv0", width: block.outChannels, kernel: 3)
    let projected = linear(embedding, "\(prefix)affine", width: block.adaptiveScale ? 2 * block.outChannels : block.outChannels)
    if block.adaptiveScale {
      h = graph.modulate(norm(h, "\(prefix)norm1", epsilon: block.eps), scaleShift: projected)
    } else {
      h = norm(graph.addVector(h, projected), "\(prefix)norm1", epsilon: block.eps)
    }
    h = convolution(graph.silu(h), "\(prefix)conv1", width: block.outChannels, kernel: 3)
    var skip = resample(x, "\(prefix)skip", resampling, length: length)
    if block.outChannels != block.inChannels || (block.changesResolution && block.resampleProj) {
      skip = convolution(skip, "\(prefix)skip", width: block.outChannels, kernel: 1)
    }
    h = scaled(graph.add(h, skip), block.skipScale)
    if block.heads > 0 { h = attention(h, prefix, block) }
    tap(name, h)
    return h
  }

  private mutating func attention(_ x: ValueID, _ prefix: String, _ block: EDMBlockArguments) -> ValueID {
    let normed = norm(x, "\(prefix)norm2", epsilon: block.eps)
    let qkv = convolution(normed, "\(prefix)qkv", width: 3 * block.outChannels, kernel: 1)
    tap("\(prefix)qkv", qkv)
    let attended = graph.attention(qkv, heads: block.heads, order: .headsThenChannelsThenParts)
    let projected = convolution(attended, "\(prefix)proj", width: block.outChannels, kernel: 1)
    return scaled(graph.add(projected, x), block.skipScale)
  }

  /// Times a constant, rounded to float32 as PyTorch rounds a number beside a tensor.
  mutating func scaled(_ x: ValueID, _ factor: Double) -> ValueID { factor == 1 ? x : graph.scale(x, by: Float(factor)) }
}
