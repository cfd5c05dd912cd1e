import Engine

/// The layers of ADM's U-Net, each adding its operations to the graph under the checkpoint's names.
struct ADMLayers {
  /// How a residual block changes the size of its picture.
  enum Resampling { case none, halve, double }

  var graph = GraphBuilder()
  private let arguments: ADMUNetConfiguration
  /// SiLU of the embedding, as every residual block takes it.
  private var activatedEmbedding: ValueID?
  /// The sinusoidal embedding of the timestep, once `embedding()` has made it.
  private(set) var sinusoid: ValueID?

  init(_ arguments: ADMUNetConfiguration) {
    self.arguments = arguments
  }

  func channels(_ x: ValueID) -> Int { graph.shape(x).channels }

  /// The logits of a classifier.
  var classes: Int { arguments.outChannels }

  /// Sinusoidal embedding of the timestep, linear, SiLU, linear, plus the class embedding. Declares the inputs "timesteps"
  /// and "labels"; returns the embedding of the time alone.
  mutating func embedding() -> ValueID {
    let width = arguments.modelChannels
    let timesteps = graph.scalarInput("timesteps")
    // exp(-ln(10000) k / half): divided by half, not half - 1.
    var time = graph.timestepEmbedding(timesteps, width: width, maxPeriod: 10000, halfDivisor: max(width / 2, 1))
    sinusoid = time
    time = linear(time, "time_embed.0", width: 4 * width)
    time = linear(graph.silu(time), "time_embed.2", width: 4 * width)
    var embedding = time
    if let classes = arguments.numClasses {
      let labels = graph.scalarInput("labels")
      let table = ParameterSpec(name: "label_emb.weight", shape: [classes, 4 * width])
      embedding = graph.add(time, graph.embeddingTable(labels, weight: table))
    }
    activatedEmbedding = graph.silu(embedding)
    return time
  }

  /// norm, SiLU, convolution; the embedding; norm, SiLU, convolution; plus the input, through a 1x1 convolution when the
  /// width changes. A block that resamples does so to both branches, after its first norm and SiLU.
  mutating func residual(_ x: ValueID, _ name: String, width: Int, resampling: Resampling = .none) -> ValueID {
    var h = graph.silu(norm(x, "\(name).in_layers.0"))
    h = resample(h, resampling)
    var skip = resample(x, resampling)
    h = convolution(h, "\(name).in_layers.2", width: width, kernel: 3)
    if let activatedEmbedding {
      let isScaled = arguments.useScaleShiftNorm
      let projected = linear(activatedEmbedding, "\(name).emb_layers.1", width: isScaled ? 2 * width : width)
      if isScaled {
        h = graph.modulate(norm(h, "\(name).out_layers.0"), scaleShift: projected)
      } else {
        h = norm(graph.addVector(h, projected), "\(name).out_layers.0")
      }
    }
    h = convolution(graph.silu(h), "\(name).out_layers.3", width: width, kernel: 3)
    if channels(skip) != width { skip = convolution(skip, "\(name).skip_connection", width: width, kernel: 1) }
    return graph.add(skip, h)
  }

  /// norm, queries, keys and values, attention among the pixels, projection, plus the input.
  mutating func attention(_ x: ValueID, _ name: String, heads: Int) -> ValueID {
    let width = channels(x)
    let normed = norm(x, "\(name).norm")
    let qkv = pointwise(normed, "\(name).qkv", width: 3 * width)
    let attended = graph.attention(
      qkv, heads: heads, order: arguments.useNewAttentionOrder ? .partsThenHeads : .headsThenParts)
    return graph.add(x, pointwise(attended, "\(name).proj_out", width: width))
  }

  /// `AttentionPool2d`: the tokens of a picture with their mean in front attend to each other; the mean's result is projected
  /// to `out_channels`, a picture of one pixel. Heads lie in the new order, whatever the other layers do.
  mutating func attentionPool(_ x: ValueID, _ name: String) -> ValueID {
    let (width, pixels) = (channels(x), graph.shape(x).pixels)
    let tokens = graph.tokenPool(x, positions: ParameterSpec(name: "\(name).positional_embedding", shape: [width, pixels + 1]))
    let qkv = pointwise(tokens, "\(name).qkv_proj", width: 3 * width)
    let attended = graph.attention(qkv, heads: arguments.heads(width: width, isUpward: false), order: .partsThenHeads)
    return pointwise(graph.firstPixel(attended), "\(name).c_proj", width: arguments.outChannels)
  }

  /// The last layer of a level going down.
  mutating func halve(_ x: ValueID, _ name: String) -> ValueID {
    if arguments.resblockUpdown { return residual(x, name, width: channels(x), resampling: .halve) }
    guard arguments.convResample else { return graph.averagePool2x2(x) }
    return convolution(x, "\(name).op", width: channels(x), kernel: 3, stride: 2)
  }

  /// The last layer of a level going up.
  mutating func double(_ x: ValueID, _ name: String) -> ValueID {
    if arguments.resblockUpdown { return residual(x, name, width: channels(x), resampling: .double) }
    let doubled = graph.upsampleNearest2x(x)
    return arguments.convResample ? convolution(doubled, "\(name).conv", width: channels(x), kernel: 3) : doubled
  }

  /// Group norm with 32 groups.
  mutating func norm(_ x: ValueID, _ name: String, epsilon: Float = 1e-5) -> ValueID {
    let shape = [channels(x)]
    return graph.groupNorm(
      x, groups: ADMUNetConfiguration.groups, epsilon: epsilon, weight: ParameterSpec(name: "\(name).weight", shape: shape),
      bias: ParameterSpec(name: "\(name).bias", shape: shape))
  }

  /// A square convolution that keeps the size at stride 1.
  mutating func convolution(_ x: ValueID, _ name: String, width: Int, kernel: Int, stride: Int = 1) -> ValueID {
    graph.convolution(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x), kernel, kernel]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]), stride: stride, padding: kernel / 2)
  }

  /// A one-dimensional convolution of width 1 over the pixels.
  private mutating func pointwise(_ x: ValueID, _ name: String, width: Int) -> ValueID {
    graph.convolution(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x), 1]),
      bias: ParameterSpec(name: "\(name).bias", shape: [width]), stride: 1, padding: 0)
  }

  /// On a vector, or on every pixel.
  mutating func linear(_ x: ValueID, _ name: String, width: Int, hasBias: Bool = true) -> ValueID {
    graph.linear(
      x, weight: ParameterSpec(name: "\(name).weight", shape: [width, channels(x)]),
      bias: hasBias ? ParameterSpec(name: "\(name).bias", shape: [width]) : nil)
  }

  private mutating func resample(_ x: ValueID, _ resampling: Resampling) -> ValueID {
    switch resampling {
    case .none: x
    case .halve: graph.averagePool2x2(x)
    case .double: graph.upsampleNearest2x(x)
    }
  }
}
