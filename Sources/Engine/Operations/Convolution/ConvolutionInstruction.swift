import CKernels

/// Runs a convolution, or a linear layer as the convolution of a single pixel.
struct ConvolutionInstruction: BitwiseCopyable {
  private let shape: plumb_convolution_shape
  private let source: Operand
  private let residual: Operand?
  private let output: Operand
  private let packed: UnsafePointer<Float>

  init(_ convolution: Convolution, _ site: Site) {
    shape = plumb_convolution_shape(convolution, source: site.inputShapes[0], result: site.node.shape)
    source = site.inputs[0]
    residual = convolution.addsResidual ? site.inputs[1] : nil
    output = site.output
    packed = site.constants[0]
  }

  init(_ linear: Linear, _ site: Site) {
    shape = plumb_convolution_shape(
      height: 1, width: 1, channels: Int64(linear.inputWidth), output_height: 1, output_width: 1,
      output_channels: Int64(linear.outputWidth), kernel_height: 1, kernel_width: 1, stride: 1, padding: 0)
    source = site.inputs[0]
    residual = nil
    output = site.output
    packed = site.constants[0]
  }

  func run(_ frame: Frame) {
    let added = residual.map { UnsafePointer(frame.address($0)) }
    withUnsafePointer(to: shape) { shape in
      plumb_convolution(shape, Int64(frame.rows(output)), frame.address(source), packed, added, frame.address(output))
    }
  }
}

extension plumb_convolution_shape {
  init(_ convolution: Convolution, source: ValueShape, result: ValueShape) {
    self.init()
    if case .image(let height, let width, let channels) = source {
      (self.height, self.width, self.channels) = (Int64(height), Int64(width), Int64(channels))
    }
    if case .image(let height, let width, let channels) = result {
      (output_height, output_width, output_channels) = (Int64(height), Int64(width), Int64(channels))
    }
    kernel_height = Int64(convolution.kernelHeight)
    kernel_width = Int64(convolution.kernelWidth)
    stride = Int64(convolution.stride)
    padding = Int64(convolution.padding)
  }
}
