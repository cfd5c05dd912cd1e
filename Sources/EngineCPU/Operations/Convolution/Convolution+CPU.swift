import CKernels
import Engine

extension Convolution: CPUOperation {
  private var block: ConvolutionBlock { ConvolutionBlock(weight: weight, bias: bias, isTurned: isAdjoint) }

  var constants: [any PackedBlock] { [block] }

  /// The kernel adds a picture on the way out.
  func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)? {
    consumer is Add ? ConvolutionWithResidual(convolution: self) : nil
  }

  func instruction(_ site: Site) -> any Instruction { instruction(site, residual: nil) }

  func instruction(_ site: Site, residual: Operand?) -> ConvolutionInstruction {
    ConvolutionInstruction(block, site, stride: stride, padding: padding, residual: residual)
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
  private let shape: plumb_convolution_shape
  private let source: Operand
  private let residual: Operand?
  private let output: Operand
  private let packed: UnsafePointer<Float>

  /// `site` has the pictures as its first input and the packed `block` as its constant.
  init(_ block: ConvolutionBlock, _ site: Site, stride: Int = 1, padding: Int = 0, residual: Operand? = nil) {
    shape = block.kernelShape(of: site.inputShapes[0], to: site.shape, stride: stride, padding: padding)
    (source, self.residual, output, packed) = (site.inputs[0], residual, site.output, site.constants[0])
  }

  func run(_ frame: Frame) {
    let added = residual.map { UnsafePointer(frame.address($0)) }
    withUnsafePointer(to: shape) { shape in
      plumb_convolution(shape, Int64(frame.rows(output)), frame.address(source), packed, added, frame.address(output))
    }
  }
}
