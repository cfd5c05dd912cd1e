import Engine

/// The layers of DDIM's U-Net, each adding its operations to the graph under the checkpoint's names. Levels are counted from
/// the full resolution, down and up.
struct DDIMLayers {
  var graph = GraphBuilder()
  private let arguments: DDIMUNetConfiguration
  /// SiLU of the embedding, as every residual block takes it.
  private var activatedEmbedding: ValueID?
  private var skips: [ValueID] = []

  init(_ arguments: DDIMUNetConfiguration) {
    self.arguments = arguments
  }

  /// Sinusoidal embedding of the timestep, linear, SiLU, linear. Declares the input "timesteps".
  mutating func embedding() -> ValueID {
    let width = arguments.ch
    // exp(-ln(10000) k / (half - 1)), the sines first.
    let sinusoid = graph.timestepEmbedding(
      graph.scalarInput("timesteps"), width: width, maxPeriod: 10000, halfDivisor: width / 2 - 1, order: .sineFirst,
      formula: .exponentialOfRate)
    let h = graph.silu(linear(sinusoid, "temb.dense.0", width: 4 * width))
    let embedding = linear(h, "temb.dense.1", width: 4 * width)
    activatedEmbedding = graph.silu(embedding)
    return embedding
  }

  /// From the picture to the last level; the results on the way, which the way up takes, are kept.
  mutating func downward(_ x: ValueID) -> ValueID {
    var h = convolution(x, "conv_in", width: arguments.ch)
    skips = [h]
    for level in 0..<arguments.levels {
      for block in 0..<arguments.numResBlocks {
        h = self.block(h, "down.\(level)", block, level: level)
        skips.append(h)
      }
      if level < arguments.levels - 1 {
        h = halve(h, "down.\(level).downsample.conv")
        skips.append(h)
      }
    }
    return h
  }

  mutating func middle(_ x: ValueID) -> ValueID {
    let width = channels(x)
    let h = attention(residual(x, "mid.block_1", width: width), "mid.attn_1")
    return residual(h, "mid.block_2", width: width)
  }

  /// From the last level to the network's output.
  mutating func upward(_ x: ValueID) -> ValueID {
    var h = x
    for level in (0..<arguments.levels).reversed() {
      for block in 0...arguments.numResBlocks {
        guard let skip = skips.popLast() else { return h }
        h = self.block(graph.concatenate(h, skip), "up.\(level)", block, level: level)
      }
      if level > 0 { h = double(h, "up.\(level).upsample.conv") }
    }
    return convolution(graph.silu(norm(h, "norm_out")), "conv_out", width: arguments.outCh)
  }

  private mutating func block(_ x: ValueID, _ name: String, _ index: Int, level: Int) -> ValueID {
    let h = residual(x, "\(name).block.\(index)", width: arguments.width(level))
    return arguments.attentionLevels.contains(level) ? attention(h, "\(name).attn.\(index)") : h
  }

  /// norm, SiLU, convolution; the embedding; norm, SiLU, convolution; plus the input, through a 1x1 convolution when the
  /// width changes.
  private mutating func residual(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    var h = convolution(graph.silu(norm(x, "\(name).norm1")), "\(name).conv1", width: width)
    if let activatedEmbedding { h = graph.addVector(h, linear(activatedEmbedding, "\(name).temb_proj", width: width)) }
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

  /// Zeros below and on the right only.
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
      x, groups: DDIMUNetConfiguration.groups, epsilon: 1e-6, weight: ParameterSpec(name: "\(name).weight", shape: shape),
      bias: ParameterSpec(name: "\(name).bias", shape: shape))
  }

  private mutating func convolution(_ x: ValueID, _ name: String, width: Int, kernel: Int = 3) -> ValueID {
    let (weight, bias) = parameters(name, width: width, from: channels(x), kernel: kernel)
    return graph.convolution(x, weight: weight, bias: bias, stride: 1, padding: kernel / 2)
  }

  private mutating func linear(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    graph.linear(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x)]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]))
  }

  private func parameters(_ name: String, width: Int, from channels: Int, kernel: Int) -> (ParameterSpec, ParameterSpec) {
    let weight = ParameterSpec(name: "\(name).weight", shape: [width, channels, kernel, kernel])
    return (weight, ParameterSpec(name: "\(name).bias", shape: [width]))
  }

  private func channels(_ x: ValueID) -> Int { graph.shape(x).channels }
}
