import CKernels

struct LayerNormInstruction: BitwiseCopyable {
  private let pixels: Int
  private let channels: Int64
  private let epsilon: Float
  private let source: Operand
  private let output: Operand
  private let weight: UnsafePointer<Float>?
  private let bias: UnsafePointer<Float>?

  init(_ norm: LayerNorm, _ site: Site) {
    pixels = site.node.shape.pixels
    channels = Int64(site.node.shape.channels)
    epsilon = norm.epsilon
    source = site.inputs[0]
    output = site.output
    weight = norm.weight == nil ? nil : site.constants.first
    bias = norm.bias == nil ? nil : site.constants.last
  }

  func run(_ frame: Frame) {
    plumb_layer_norm(
      Int64(frame.rows(output) * pixels), channels, epsilon, frame.address(source), weight, bias, frame.address(output))
  }
}
