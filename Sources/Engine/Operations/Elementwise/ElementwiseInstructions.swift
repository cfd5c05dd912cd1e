import CKernels

struct ActivationInstruction: BitwiseCopyable {
  private let activation: Activation
  private let source: Operand
  private let output: Operand

  init(_ activation: Activation, _ site: Site) {
    self.activation = activation
    source = site.inputs[0]
    output = site.output
  }

  func run(_ frame: Frame) {
    let length = Int64(frame.rows(output) * output.count)
    switch activation {
    case .silu: plumb_silu(length, frame.address(source), frame.address(output))
    case .relu: plumb_relu(length, frame.address(source), frame.address(output))
    case .gelu: plumb_gelu(length, frame.address(source), frame.address(output))
    case .geluTanh: plumb_gelu_tanh(length, frame.address(source), frame.address(output))
    }
  }
}

/// Two values of one shape, number by number.
struct PairInstruction: BitwiseCopyable {
  enum Kind { case add, multiply }

  private let kind: Kind
  private let first: Operand
  private let second: Operand
  private let output: Operand

  init(_ kind: Kind, _ site: Site) {
    self.kind = kind
    first = site.inputs[0]
    second = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    let kernel = kind == .add ? plumb_add_rows : plumb_multiply_rows
    kernel(
      Int64(frame.rows(output)), Int64(output.count), frame.address(first), Int64(frame.stride(first)), frame.address(second),
      Int64(frame.stride(second)), frame.address(output))
  }
}

/// A picture and a row of numbers per channel.
struct BroadcastInstruction: BitwiseCopyable {
  enum Kind { case addVector, multiplyVector, modulate }

  private let kind: Kind
  private let pixels: Int64
  private let channels: Int64
  private let source: Operand
  private let vector: Operand
  private let output: Operand

  init(_ kind: Kind, _ site: Site) {
    self.kind = kind
    pixels = Int64(site.node.shape.pixels)
    channels = Int64(site.node.shape.channels)
    source = site.inputs[0]
    vector = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    let kernel =
      switch kind {
      case .addVector: plumb_add_vector
      case .multiplyVector: plumb_multiply_vector
      case .modulate: plumb_modulate
      }
    kernel(
      Int64(frame.rows(output)), pixels, channels, frame.address(source), frame.address(vector), Int64(frame.stride(vector)),
      frame.address(output))
  }
}
