import Basics

/// What the reverse pass computes that no forward operation does. The last operand is the gradient of the forward result.
package enum Adjoint: Hashable, Sendable {
  /// Ones of the operand's shape: the gradient of a sum.
  case ones
  /// Zeros between the pixels of a picture, so that a strided convolution's adjoint is one of stride 1.
  case insertZeros(stride: Int, height: Int, width: Int)
  /// Operands: the norm's own, the gradient.
  case groupNorm(GroupNorm)
  /// Operands: SiLU's own, the gradient.
  case silu
  /// Operands: the rectifier's own, the gradient.
  case relu
  /// From the mean of a picture's pixels back to the picture, `shape`.
  case mean(ValueShape)
  /// Operands: queries, keys and values, the gradient.
  case attention(Attention)
  /// From tokens back to the picture, `shape`.
  case tokenPool(ValueShape)
  /// The gradient at the first channels of a picture or numbers of a vector, zeros elsewhere up to `channels`.
  case slice(first: Int, channels: Int)
  /// The gradient at the first pixel of `shape`, zeros elsewhere.
  case firstPixel(ValueShape)
  /// Operands: logits, labels, the gradient.
  case logProbability

  func resultShape(_ inputs: [ValueShape]) throws -> ValueShape {
    guard let first = inputs.first, let gradient = inputs.last else {
      throw PlumbError("an adjoint takes a gradient", kind: .input, found: "nothing")
    }
    func fits(_ isSound: Bool) throws {
      guard isSound else {
        throw PlumbError("an adjoint's operands do not fit", kind: .input, found: inputs.map(\.description).joined(separator: "; "))
      }
    }
    switch self {
    case .ones:
      try fits(inputs.count == 1)
      return first
    case .insertZeros(let stride, let height, let width):
      let x = try Operation.image(gradient)
      try fits(inputs.count == 1 && stride > 0 && (x.height - 1) * stride < height && (x.width - 1) * stride < width)
      return .image(height: height, width: width, channels: x.channels)
    case .groupNorm(let norm):
      try fits(inputs.count == 2 && first == gradient && norm.groups > 0 && first.channels % norm.groups == 0)
      try fits(norm.weight.shape == [first.channels])
      return first
    case .silu, .relu:
      try fits(inputs.count == 2 && first == gradient)
      return first
    case .attention(let attention):
      try fits(inputs.count == 2 && (try attention.resultShape([first])) == gradient)
      return first
    case .logProbability:
      try fits(inputs.count == 3 && (try LogProbability.resultShape(Array(inputs.prefix(2)))) == gradient)
      return first
    case .mean(let shape):
      try fits(inputs.count == 1 && gradient == .image(height: 1, width: 1, channels: shape.channels))
      return shape
    case .tokenPool(let shape):
      try fits(inputs.count == 1 && gradient == .image(height: shape.pixels + 1, width: 1, channels: shape.channels))
      return shape
    case .firstPixel(let shape):
      try fits(inputs.count == 1 && gradient.count <= shape.count)
      return shape
    case .slice(let start, let channels):
      try fits(inputs.count == 1 && start >= 0 && start + gradient.channels <= channels)
      if case .image(let height, let width, _) = gradient { return .image(height: height, width: width, channels: channels) }
      return .vector(channels)
    }
  }

  /// Five products among the pixels for attention, as the forward pass counts two.
  func flops(_ inputs: [ValueShape]) -> Int {
    guard case .attention = self, let qkv = inputs.first else { return 0 }
    return 10 * qkv.pixels * qkv.pixels * (qkv.channels / 3)
  }

  /// For messages.
  var name: String {
    switch self {
    case .ones: "gradient of a sum"
    case .insertZeros: "zeros for the adjoint of a strided convolution"
    case .groupNorm(let norm): "adjoint of group norm \(norm.weight.name)"
    case .silu: "adjoint of silu"
    case .relu: "adjoint of relu"
    case .mean: "adjoint of mean"
    case .attention: "adjoint of attention"
    case .tokenPool: "adjoint of token pool"
    case .slice: "adjoint of slice"
    case .firstPixel: "adjoint of first pixel"
    case .logProbability: "adjoint of log probability"
    }
  }

  var packedBlocks: [PackedBlock] {
    if case .groupNorm(let norm) = self { [.plain(norm.weight)] } else { [] }
  }

  func scratchCount(_ inputs: [ValueShape]) -> Int {
    if case .attention = self { 2 * (inputs.first?.pixels ?? 0) } else { 0 }
  }
}
