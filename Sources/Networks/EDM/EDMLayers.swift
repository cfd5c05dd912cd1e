import Engine

/// The layers of EDM's networks (Karras et al. 2022, `training/networks.py`). What is asked for as a tap becomes an output.
protocol EDMLayers: GroupNormBuilder {
  /// The entries of the original's `enc` and `dec` built so far.
  var blockNames: [String] { get set }
}

extension GroupNormStyle {
  /// EDM's: at most 32 groups, of at least four channels.
  static func edm(epsilon: Double) -> GroupNormStyle { GroupNormStyle(epsilon: Float(epsilon)) { min(32, $0 / 4) } }
}

private let residualNames = ResidualNames(
  norm1: "norm0", convolution1: "conv0", embedding: "affine", norm2: "norm1", convolution2: "conv1", shortcut: "skip")

extension EDMLayers {
  /// Takes down an entry of `enc` or `dec`, and hands it out when it was asked for.
  mutating func note(_ x: ValueID, _ name: String) -> ValueID {
    blockNames.append(name)
    tap(name, x)
    return x
  }

  /// norm, SiLU, convolution; the embedding; norm, SiLU, convolution; plus the input; then attention where the block has
  /// it. Gives the tap "qkv" of the block, the attention's queries, keys and values.
  mutating func block(_ x: ValueID, _ embedding: ValueID, _ name: ParameterScope, _ block: EDMBlockArguments) -> ValueID {
    let length = block.resampleFilter.count
    let sum = residual(
      x, name, residualNames, width: block.outChannels,
      conditioning: block.adaptiveScale ? .scaledAndShifted(embedding) : .added(embedding),
      resampling: block.up ? .filteredUp(length: length) : block.down ? .filteredDown(length: length) : .none,
      projects: block.changesResolution && block.resampleProj)
    let h = scaled(sum, block.skipScale)
    guard block.heads > 0 else { return h }
    let attended = attention(
      norm(h, name["norm2"]), qkv: name["qkv"], result: name["proj"], heads: block.heads, order: .headsThenChannelsThenParts,
      form: .convolution2D)
    return scaled(graph.add(attended, h), block.skipScale)
  }

  /// A block that is an entry of `enc` or `dec`.
  mutating func entry(_ x: ValueID, _ embedding: ValueID, _ name: String, _ arguments: EDMBlockArguments) -> ValueID {
    note(block(x, embedding, ParameterScope(name), arguments), name)
  }

  /// A 3x3 convolution that also halves, in the "fused" order of the original: it convolves first, with a border as wide as the
  /// filter needs, and filters without one. The taps sum to one, so the bias may come before them.
  mutating func fusedDown(_ x: ValueID, _ name: ParameterScope, width: Int, length: Int) -> ValueID {
    let wide = convolution(x, name, width: width, padding: 1 + (length - 1) / 2)
    return graph.filterDown(wide, taps: filterTaps(name, length), padding: 0)
  }

  /// Times a constant, rounded to float32 as PyTorch rounds a number beside a tensor.
  mutating func scaled(_ x: ValueID, _ factor: Double) -> ValueID { factor == 1 ? x : graph.scale(x, by: Float(factor)) }

  /// The product of augmentation labels with their weight; declares the input.
  mutating func augmentation(_ labels: Int, width: Int) -> ValueID {
    let input = graph.imageInput("augment_labels", channels: labels, height: 1, width: 1)
    return linear(graph.flattenCHW(input), "map_augment", width: width, hasBias: false)
  }
}
