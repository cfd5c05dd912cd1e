extension GraphBuilder {
  // MARK: Inputs

  /// A picture per sample, fed as `[N, channels, height, width]`.
  public mutating func imageInput(_ name: String, channels: Int, height: Int, width: Int) -> ValueID {
    append(.imageInput(name: name, shape: .image(height: height, width: width, channels: channels)), [])
  }

  /// A sequence of tokens per sample, fed as `[N, length, width]`; it is a picture of one column, a token being a pixel.
  public mutating func sequenceInput(_ name: String, length: Int, width: Int) -> ValueID {
    append(.sequenceInput(name: name, shape: .image(height: length, width: 1, channels: width)), [])
  }

  /// A float per sample, fed as `[N]`: a timestep, or a class index stored as a float.
  public mutating func scalarInput(_ name: String) -> ValueID {
    append(.scalarInput(name: name), [])
  }

  // MARK: Conditioning

  /// Sinusoidal embedding of a scalar: `cos(t f_k)` for every `k < width / 2` and the sines, in the order asked for, with
  /// `f_k = exp(-ln(maxPeriod) k / halfDivisor)`, in float32 as PyTorch computes it. An odd width ends in a zero.
  /// `formula` says how the original rounds the frequencies.
  public mutating func timestepEmbedding(
    _ t: ValueID, width: Int, maxPeriod: Double, halfDivisor: Int, order: EmbeddingOrder = .cosineFirst,
    formula: FrequencyFormula = .exponentialOfQuotient
  ) -> ValueID {
    append(
      .timestepEmbedding(
        TimestepEmbedding(width: width, maxPeriod: maxPeriod, halfDivisor: halfDivisor, order: order, formula: formula)), [t])
  }

  /// Random Fourier features of a scalar: cosines and sines of `t (2 pi f_k)`, in float32; `frequencies` is `[width / 2]`
  /// (Tancik et al. 2020, as in EDM's `FourierEmbedding`).
  public mutating func fourierEmbedding(_ t: ValueID, frequencies: ParameterSpec, order: EmbeddingOrder = .cosineFirst) -> ValueID {
    append(.fourierEmbedding(FourierEmbedding(frequencies: frequencies, order: order)), [t])
  }

  /// A vector of `classes` zeros with `scale` at the place of the label; all zeros for the label -1, which stands for no
  /// class. Another label is refused when it is fed.
  public mutating func oneHot(_ labels: ValueID, classes: Int, scale: Float = 1) -> ValueID {
    append(.oneHot(OneHot(classes: classes, scale: scale)), [labels])
  }

  /// Row `labels` of `weight`, which is `[classes, width]`. A label outside the table is refused when it is fed.
  public mutating func embeddingTable(_ labels: ValueID, weight: ParameterSpec) -> ValueID {
    append(.embeddingTable(EmbeddingTable(weight: weight)), [labels])
  }

  /// `W x + b` on a vector, or on every pixel of a picture; `weight` is `[out, in]`, `bias` is `[out]`.
  public mutating func linear(_ x: ValueID, weight: ParameterSpec, bias: ParameterSpec?) -> ValueID {
    if case .image = shape(x) { return convolution(x, weight: weight, bias: bias, stride: 1, padding: 0) }
    return append(.linear(Linear(weight: weight, bias: bias)), [x])
  }

  // MARK: Elementwise

  /// `x / (1 + exp(-x))`.
  public mutating func silu(_ x: ValueID) -> ValueID { append(.activation(.silu), [x]) }

  /// `max(x, 0)`.
  public mutating func relu(_ x: ValueID) -> ValueID { append(.activation(.relu), [x]) }

  /// The Gaussian error linear unit, exact or with a hyperbolic tangent.
  public mutating func gelu(_ x: ValueID, approximation: GELUApproximation) -> ValueID {
    append(.activation(approximation == .none ? .gelu : .geluTanh), [x])
  }

  /// The product of two values of one shape, number by number; or of every pixel of `a` with the vector `b`.
  public mutating func multiply(_ a: ValueID, _ b: ValueID) -> ValueID {
    if case .vector = shape(b), case .image = shape(a) { return append(.multiplyVector, [a, b]) }
    return append(.multiply, [a, b])
  }

  /// `(x - mean) / sqrt(variance + epsilon) * weight + bias` over the channels of every pixel, or of a vector (Ba et al.
  /// 2016); `weight` and `bias` are `[channels]`, or absent.
  public mutating func layerNorm(_ x: ValueID, epsilon: Float, weight: ParameterSpec?, bias: ParameterSpec?) -> ValueID {
    append(.layerNorm(LayerNorm(epsilon: epsilon, weight: weight, bias: bias)), [x])
  }

  /// The sum of two values of one shape.
  public mutating func add(_ a: ValueID, _ b: ValueID) -> ValueID { append(.add, [a, b]) }

  /// Every number of `x` times `factor`, in float32.
  public mutating func scale(_ x: ValueID, by factor: Float) -> ValueID { append(.scale(factor), [x]) }

  /// `x + v`, `v` holding one number per channel.
  public mutating func addVector(_ x: ValueID, _ v: ValueID) -> ValueID { append(.addVector, [x, v]) }

  /// `x * (1 + scale) + shift`; `scaleShift` holds the scales of all channels, then the shifts.
  public mutating func modulate(_ x: ValueID, scaleShift: ValueID) -> ValueID { append(.modulate, [x, scaleShift]) }

  // MARK: Pictures

  /// Cross-correlation with zero padding; `weight` is `[out, in, kh, kw]`, or `[out, in, 1]` or `[out, in]` for a pointwise
  /// one that the original writes as one dimensional, or as a linear layer. `trailingPadding` adds zero rows below and
  /// columns on the right only.
  public mutating func convolution(
    _ x: ValueID, weight: ParameterSpec, bias: ParameterSpec?, stride: Int, padding: Int, trailingPadding: Int = 0
  ) -> ValueID {
    append(
      .convolution(Convolution(weight: weight, bias: bias, stride: stride, padding: padding, trailingPadding: trailingPadding)), [x])
  }

  /// `(x - mean) / sqrt(variance + epsilon) * weight + bias`, mean and biased variance over the pixels and the channels
  /// of a group (Wu and He 2018).
  public mutating func groupNorm(_ x: ValueID, groups: Int, epsilon: Float, weight: ParameterSpec, bias: ParameterSpec) -> ValueID {
    append(.groupNorm(GroupNorm(groups: groups, epsilon: epsilon, weight: weight, bias: bias)), [x])
  }

  /// Every pixel becomes a square of four.
  public mutating func upsampleNearest2x(_ x: ValueID) -> ValueID { append(.resample(.upsampleNearest2x), [x]) }

  /// The mean of squares of four; a last odd row or column is dropped, as in PyTorch.
  public mutating func averagePool2x2(_ x: ValueID) -> ValueID { append(.resample(.averagePool2x2), [x]) }

  /// The largest of squares of four; a last odd row or column is dropped, as in PyTorch.
  public mutating func maxPool2x2(_ x: ValueID) -> ValueID { append(.resample(.maxPool2x2), [x]) }

  /// The mean of all pixels, a picture of one.
  public mutating func meanOfPixels(_ x: ValueID) -> ValueID { append(.resample(.mean), [x]) }

  /// Doubles the resolution: every channel's depthwise transposed convolution by 4 times the taps, with stride 2. `taps` is
  /// `[1, 1, length, length]` with an even length; `[1, 1]` repeats pixels, `[1, 3, 3, 1]` is nearly bilinear (EDM's
  /// `Conv2d`, Karras et al. 2022).
  public mutating func filterUp(_ x: ValueID, taps: ParameterSpec) -> ValueID {
    append(.filter(FilterResampling(direction: .up, taps: taps, padding: FilterResampling.padding(taps))), [x])
  }

  /// Halves the resolution: every channel's convolution by `taps`, `[1, 1, length, length]` with an even length, with
  /// stride 2. Without `padding` the one that keeps half the extent, `length / 2 - 1`, is taken.
  public mutating func filterDown(_ x: ValueID, taps: ParameterSpec, padding: Int? = nil) -> ValueID {
    append(.filter(FilterResampling(direction: .down, taps: taps, padding: padding ?? FilterResampling.padding(taps))), [x])
  }

  /// Dot-product attention among the pixels of a picture of `3C` channels holding queries, keys and values; gives `C`
  /// channels in the order (head, channel). Queries and keys are each multiplied by `width^(-1/4)`.
  public mutating func attention(_ qkv: ValueID, heads: Int, order: AttentionOrder) -> ValueID {
    append(.attention(Attention(heads: heads, order: order)), [qkv])
  }

  /// Dot-product attention of the pixels (or tokens) of one picture to those of another: `softmax(q k^T) v` in every head.
  /// Queries are `C` channels, keys and values `C` channels of a second extent, which may be the same; a vector is a
  /// sequence of one token. Heads lie one after the other; gives the queries' shape.
  public mutating func attention(
    queries: ValueID, keys: ValueID, values: ValueID, heads: Int, scale: AttentionScale
  ) -> ValueID {
    append(.crossAttention(CrossAttention(heads: heads, scale: scale)), [queries, keys, values])
  }

  /// Some of the channels of a picture, or of the numbers of a vector.
  public mutating func slice(_ x: ValueID, channels: Range<Int>) -> ValueID {
    append(.slice(ChannelSlice(channels: channels)), [x])
  }

  /// Every pixel replaced by the row of `table`, `[rows, channels]`, with the least squared distance to it, and the numbers
  /// of those rows as a picture of one channel; the lowest of equally near ones. What is not used is not computed.
  public mutating func nearestRow(_ x: ValueID, table: ParameterSpec) -> (rows: ValueID, indices: ValueID) {
    let rows = append(.nearestRow(NearestRow(table: table, gives: .row)), [x])
    return (rows, append(.nearestRow(NearestRow(table: table, gives: .index)), [x]))
  }

  /// A picture plus `parameter`, `[1, pixels, channels]`, which is the same for every sample: the place of each token.
  public mutating func addParameter(_ x: ValueID, _ parameter: ParameterSpec) -> ValueID {
    append(.addParameter(AddParameter(parameter: parameter)), [x])
  }

  /// Every pixel, `patch * patch * channels` numbers in the order row, column, channel, spread over a square of the result.
  /// Its opposite is a convolution whose stride is its kernel.
  public mutating func unpatchify(_ x: ValueID, patch: Int, channels: Int) -> ValueID {
    append(.unpatchify(Unpatchify(patch: patch, channels: channels)), [x])
  }

  /// The channels of `a`, then those of `b`: of two pictures of equal extent, or the numbers of two vectors.
  public mutating func concatenate(_ a: ValueID, _ b: ValueID) -> ValueID { append(.concatenate, [a, b]) }

  /// The mean of the pixels, then the pixels, each plus a learned position; `positions` is `[channels, pixels + 1]`. A
  /// picture of `pixels + 1` rows.
  public mutating func tokenPool(_ x: ValueID, positions: ParameterSpec) -> ValueID {
    append(.tokenPool(TokenPool(positions: positions)), [x])
  }

  /// The first pixel, as a picture of one.
  public mutating func firstPixel(_ x: ValueID) -> ValueID { append(.firstPixel, [x]) }

  /// The log of the softmax of logits (a picture of one pixel, or a vector) at a label. A label outside them is refused when
  /// it is fed.
  public mutating func logProbability(_ logits: ValueID, at labels: ValueID) -> ValueID { append(.logProbability, [logits, labels]) }

  /// The picture as a vector in PyTorch's order: channel, row, column.
  public mutating func flattenCHW(_ x: ValueID) -> ValueID { append(.flattenCHW, [x]) }
}
