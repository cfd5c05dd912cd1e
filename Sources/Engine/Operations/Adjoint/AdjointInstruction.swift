import CKernels

struct AdjointInstruction: BitwiseCopyable {
  private enum Kind: BitwiseCopyable {
    case ones
    case insertZeros(stride: Int64)
    case groupNorm(groups: Int64, epsilon: Float, weight: UnsafePointer<Float>)
    case silu
    case relu
    case mean
    case attention(plumb_attention_shape)
    case tokenPool
    case slice(first: Int)
    case firstPixel
    case logProbability
  }

  private let kind: Kind
  private let first: Operand
  private let second: Operand
  private let gradient: Operand
  private let output: Operand
  private let scratch: Int
  /// Rows, columns and channels of the gradient and of the result.
  private let (from, to): (Extents, Extents)

  private struct Extents: BitwiseCopyable {
    var (height, width, channels): (Int64, Int64, Int64)

    init(_ shape: ValueShape) {
      if case .image(let height, let width, let channels) = shape {
        (self.height, self.width, self.channels) = (Int64(height), Int64(width), Int64(channels))
      } else {
        (height, width, channels) = (1, 1, Int64(shape.count))
      }
    }

    var pixels: Int64 { height * width }
  }

  init(_ adjoint: Adjoint, _ site: Site) {
    kind =
      switch adjoint {
      case .ones: .ones
      case .insertZeros(let stride, _, _): .insertZeros(stride: Int64(stride))
      case .groupNorm(let norm): .groupNorm(groups: Int64(norm.groups), epsilon: norm.epsilon, weight: site.constants[0])
      case .silu: .silu
      case .relu: .relu
      case .mean: .mean
      case .attention(let attention): .attention(attention.kernelShape(site.inputShapes[0]))
      case .tokenPool: .tokenPool
      case .slice(let first, _): .slice(first: first)
      case .firstPixel: .firstPixel
      case .logProbability: .logProbability
      }
    first = site.inputs[0]
    second = site.inputs.count > 1 ? site.inputs[1] : site.inputs[0]
    gradient = site.inputs[site.inputs.count - 1]
    output = site.output
    scratch = site.scratch
    from = Extents(site.inputShapes[site.inputShapes.count - 1])
    to = Extents(site.node.shape)
  }

  func run(_ frame: Frame) {
    let rows = Int64(frame.rows(output))
    let (x, dy, dx) = (frame.address(first), frame.address(gradient), frame.address(output))
    switch kind {
    case .ones: for element in 0..<Int(rows) * output.count { dx[element] = 1 }
    case .insertZeros(let stride):
      plumb_insert_zeros(rows, from.height, from.width, from.channels, stride, to.height, to.width, dy, dx)
    case .groupNorm(let groups, let epsilon, let weight):
      plumb_group_norm_adjoint(rows, to.pixels, to.channels, groups, epsilon, x, dy, weight, dx)
    case .silu: plumb_silu_adjoint(rows * Int64(output.count), x, dy, dx)
    case .relu: plumb_relu_adjoint(rows * Int64(output.count), x, dy, dx)
    case .mean: plumb_mean_of_pixels_adjoint(rows, to.pixels, to.channels, dy, dx)
    case .attention(let shape):
      withUnsafePointer(to: shape) { shape in
        for row in 0..<Int(rows) {
          plumb_attention_adjoint(
            shape, x + row * first.count, dy + row * gradient.count, dx + row * output.count, frame.arena + scratch)
        }
      }
    case .tokenPool: plumb_token_pool_adjoint(rows, to.pixels, to.channels, dy, dx)
    case .slice(let first): place(rows: Int(rows * to.pixels), from: Int(from.channels), to: Int(to.channels), at: first, dy, dx)
    case .firstPixel: place(rows: Int(rows), from: gradient.count, to: output.count, at: 0, dy, dx)
    case .logProbability:
      plumb_log_probability_adjoint(
        rows, Int64(output.count), x, frame.address(second), Int64(frame.stride(second)), dy, dx)
    }
  }

  /// Rows of `width` numbers into rows of `length`, from `start` on; zeros around.
  private func place(
    rows: Int, from width: Int, to length: Int, at start: Int, _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>
  ) {
    dx.update(repeating: 0, count: rows * length)
    for row in 0..<rows { (dx + row * length + start).update(from: dy + row * width, count: width) }
  }
}
