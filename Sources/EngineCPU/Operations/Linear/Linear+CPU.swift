import CKernels
import Engine

/// A linear layer is the convolution of a single pixel.
extension Linear: CPUOperation {
  var constants: [any PackedBlock] { [ConvolutionBlock(weight: weight, bias: bias)] }

  func instruction(_ site: Site) -> any Instruction {
    let shape = plumb_convolution_shape(
      height: 1, width: 1, channels: Int64(inputWidth), output_height: 1, output_width: 1, output_channels: Int64(outputWidth),
      kernel_height: 1, kernel_width: 1, stride: 1, padding: 0)
    return ConvolutionInstruction(shape: shape, source: site.inputs[0], residual: nil, output: site.output, packed: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.probeVector("x", 37)
    return [
      graph.linear(x, weight: ParameterSpec(name: "weight", shape: [19, 37]), bias: ParameterSpec(name: "bias", shape: [19]))
    ]
  }
}
