import Engine

/// Encoder and decoder of LDM's autoencoder, each adding its operations to the graph under the checkpoint's names.
struct AutoencoderLayers {
  var graph = GraphBuilder()
  private let arguments: AutoencoderConfiguration

  init(_ arguments: AutoencoderConfiguration) {
    self.arguments = arguments
  }

  mutating func input(_ shape: ImageShape) -> ValueID {
    graph.imageInput("x", channels: shape.channels, height: shape.height, width: shape.width)
  }

  /// A picture to its latents, or to their moments.
  mutating func encode(_ x: ValueID) -> ValueID {
    var h = convolution(x, "encoder.conv_in", width: arguments.ch)
    for level in 0..<arguments.levels {
      let name = "encoder.down.\(level)"
      for block in 0..<arguments.numResBlocks { h = self.block(h, name, block, level: level) }
      if level < arguments.levels - 1 { h = halve(h, "\(name).downsample.conv") }
    }
    h = middle(h, "encoder.mid")
    let isDoubled = arguments.nEmbed == nil
    h = ending(h, "encoder", width: (isDoubled ? 2 : 1) * arguments.zChannels)
    return convolution(h, "quant_conv", width: (isDoubled ? 2 : 1) * arguments.embedDim, kernel: 1)
  }

  /// Latents, quantised where that is done, to a picture.
  mutating func decode(_ z: ValueID) -> ValueID {
    let top = arguments.levels - 1
    var h = convolution(z, "post_quant_conv", width: arguments.zChannels, kernel: 1)
    h = middle(convolution(h, "decoder.conv_in", width: arguments.width(top)), "decoder.mid")
    for level in (0...top).reversed() {
      let name = "decoder.up.\(level)"
      for block in 0...arguments.numResBlocks { h = self.block(h, name, block, level: level) }
      if level > 0 { h = double(h, "\(name).upsample.conv") }
    }
    return ending(h, "decoder", width: arguments.outCh)
  }

  private mutating func block(_ x: ValueID, _ name: String, _ index: Int, level: Int) -> ValueID {
    let h = residual(x, "\(name).block.\(index)", width: arguments.width(level))
    return arguments.attentionLevels.contains(level) ? attention(h, "\(name).attn.\(index)") : h
  }

  private mutating func middle(_ x: ValueID, _ name: String) -> ValueID {
    let width = channels(x)
    let h = attention(residual(x, "\(name).block_1", width: width), "\(name).attn_1")
    return residual(h, "\(name).block_2", width: width)
  }

  private mutating func ending(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    convolution(graph.silu(norm(x, "\(name).norm_out")), "\(name).conv_out", width: width)
  }

  /// norm, SiLU, convolution, twice, plus the input, through a 1x1 convolution when the width changes.
  private mutating func residual(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    var h = convolution(graph.silu(norm(x, "\(name).norm1")), "\(name).conv1", width: width)
    h = convolution(graph.silu(norm(h, "\(name).norm2")), "\(name).conv2", width: width)
    return graph.add(channels(x) == width ? x : convolution(x, "\(name).nin_shortcut", width: width, kernel: 1), h)
  }

  /// A single head over all pixels, plus the input.
  private mutating func attention(_ x: ValueID, _ name: String) -> ValueID {
    let (normed, width) = (norm(x, "\(name).norm"), channels(x))
    let parts = ["q", "k", "v"].map { convolution(normed, "\(name).\($0)", width: width, kernel: 1) }
    let attended = graph.attention(queries: parts[0], keys: parts[1], values: parts[2], heads: 1, scale: .scores)
    return graph.add(x, convolution(attended, "\(name).proj_out", width: width, kernel: 1))
  }

  /// Zeros below and on the right only, unlike the U-Net.
  private mutating func halve(_ x: ValueID, _ name: String) -> ValueID {
    guard arguments.resampWithConv else { return graph.averagePool2x2(x) }
    let (weight, bias) = parameters(name, width: channels(x), from: channels(x), kernel: 3)
    return graph.convolution(x, weight: weight, bias: bias, stride: 2, padding: 0, trailingPadding: 1)
  }

  private mutating func double(_ x: ValueID, _ name: String) -> ValueID {
    let doubled = graph.upsampleNearest2x(x)
    return arguments.resampWithConv ? convolution(doubled, name, width: channels(x)) : doubled
  }

  private mutating func norm(_ x: ValueID, _ name: String) -> ValueID {
    let shape = [channels(x)]
    return graph.groupNorm(
      x, groups: arguments.normGroups, epsilon: 1e-6, weight: ParameterSpec(name: "\(name).weight", shape: shape),
      bias: ParameterSpec(name: "\(name).bias", shape: shape))
  }

  private mutating func convolution(_ x: ValueID, _ name: String, width: Int, kernel: Int = 3) -> ValueID {
    let (weight, bias) = parameters(name, width: width, from: channels(x), kernel: kernel)
    return graph.convolution(x, weight: weight, bias: bias, stride: 1, padding: kernel / 2)
  }

  private func parameters(_ name: String, width: Int, from channels: Int, kernel: Int) -> (ParameterSpec, ParameterSpec) {
    let weight = ParameterSpec(name: "\(name).weight", shape: [width, channels, kernel, kernel])
    return (weight, ParameterSpec(name: "\(name).bias", shape: [width]))
  }

  private func channels(_ x: ValueID) -> Int { graph.shape(x).channels }
}
