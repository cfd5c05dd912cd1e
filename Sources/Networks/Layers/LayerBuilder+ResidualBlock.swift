import Engine

/// Where a project keeps the parts of its residual block.
struct ResidualNames: Sendable {
  let norm1, convolution1, embedding, norm2, convolution2, shortcut: String
}

/// What the embedding does in a residual block, between its two convolutions.
enum Conditioning {
  case none
  /// A projection of it is added before the second norm.
  case added(ValueID)
  /// Projections of it scale and shift the second norm (adaptive group norm).
  case scaledAndShifted(ValueID)
}

extension GroupNormBuilder {
  /// norm, SiLU, convolution; the embedding; norm, SiLU, convolution; plus the input, through a 1x1 convolution when the width
  /// changes or `projects` says so.
  mutating func residual(
    _ x: ValueID, _ block: ParameterScope, _ names: ResidualNames, width: Int, conditioning: Conditioning,
    resampling: LayerResampling = .none, projects: Bool = false
  ) -> ValueID {
    let (first, second, shortcut) = (block[names.convolution1], block[names.convolution2], block[names.shortcut])
    var h = resample(activatedNorm(x, block[names.norm1]), resampling, first)
    // Between layers, both branches are resampled at once; a layer that does it itself does it when it is reached.
    var skip = resampling.isPartOfLayer ? x : resample(x, resampling, shortcut)
    h = convolution(h, first, width: width)
    switch conditioning {
    case .none: h = norm(h, block[names.norm2])
    case .added(let embedding):
      h = norm(graph.addVector(h, linear(embedding, block[names.embedding], width: width)), block[names.norm2])
    case .scaledAndShifted(let embedding):
      let projected = linear(embedding, block[names.embedding], width: 2 * width)
      h = graph.modulate(norm(h, block[names.norm2]), scaleShift: projected)
    }
    h = convolution(graph.silu(h), second, width: width)
    if resampling.isPartOfLayer { skip = resample(x, resampling, shortcut) }
    if channels(skip) != width || projects { skip = convolution(skip, shortcut, width: width, kernel: 1) }
    return graph.add(skip, h)
  }
}
