import CKernels
import Engine

extension Convolution: CPUOperation {
  var constants: [any PackedBlock] { [ConvolutionBlock(weight: weight, bias: bias, isTurned: isAdjoint)] }

  /// The kernel adds a picture on the way out.
  func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)? {
    consumer is Add ? ConvolutionWithResidual(convolution: self) : nil
  }

  func instruction(_ site: Site) -> any Instruction {
    ConvolutionInstruction(
      shape: kernelShape(source: site.inputShapes[0], result: site.shape), source: site.inputs[0], residual: nil, output: site.output,
      packed: site.constants[0])
  }

  func kernelShape(source: ValueShape, result: ValueShape) -> plumb_convolution_shape {
    var shape = plumb_convolution_shape()
    if case .image(let height, let width, let channels) = source {
      (shape.height, shape.width, shape.channels) = (Int64(height), Int64(width), Int64(channels))
    }
    if case .image(let height, let width, let channels) = result {
      (shape.output_height, shape.output_width, shape.output_channels) = (Int64(height), Int64(width), Int64(channels))
    }
    (shape.kernel_height, shape.kernel_width) = (Int64(kernelHeight), Int64(kernelWidth))
    (shape.stride, shape.padding) = (Int64(stride), Int64(padding))
    return shape
  }

  /// Tiles along a row and, in small pictures, across samples; every kind of step and edge.
  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let small = graph.imageInput("small", channels: 19, height: 8, width: 8)
    let large = graph.imageInput("large", channels: 8, height: 11, width: 13)
    let gradient = graph.imageInput("gradient", channels: 16, height: 8, width: 8)
    let weight = ParameterSpec(name: "a.weight", shape: [21, 19, 3, 3])
    let square = graph.convolution(
      small, weight: ParameterSpec(name: "d.weight", shape: [16, 19, 3, 3]), bias: nil, stride: 1, padding: 1)
    return [
      graph.convolution(small, weight: weight, bias: ParameterSpec(name: "a.bias", shape: [21]), stride: 1, padding: 1),
      graph.convolution(large, weight: ParameterSpec(name: "b.weight", shape: [16, 8, 3, 3]), bias: nil, stride: 2, padding: 1),
      graph.convolution(
        large, weight: ParameterSpec(name: "b.weight", shape: [16, 8, 3, 3]), bias: nil, stride: 2, padding: 0, trailingPadding: 1),
      graph.convolution(large, weight: ParameterSpec(name: "c.weight", shape: [3, 8, 1]), bias: nil, stride: 1, padding: 0),
      graph.adjoint(of: square, gradient),
    ]
  }
}

struct ConvolutionInstruction: Instruction {
  let shape: plumb_convolution_shape
  let source: Operand
  let residual: Operand?
  let output: Operand
  let packed: UnsafePointer<Float>

  func run(_ frame: Frame) {
    let added = residual.map { UnsafePointer(frame.address($0)) }
    withUnsafePointer(to: shape) { shape in
      plumb_convolution(shape, Int64(frame.rows(output)), frame.address(source), packed, added, frame.address(output))
    }
  }
}
