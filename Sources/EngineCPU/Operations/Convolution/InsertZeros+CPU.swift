import CKernels
import Engine

extension InsertZeros: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    InsertZerosInstruction(
      stride: Int64(stride), from: Extents(site.inputShapes[0]), to: Extents(site.shape), gradient: site.inputs[0], output: site.output)
  }

  /// The adjoint of a strided convolution.
  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 5, height: 9, width: 7)
    let weight = ParameterSpec(name: "weight", shape: [11, 5, 3, 3])
    let y = graph.convolution(x, weight: weight, bias: nil, stride: 2, padding: 1)
    return [graph.adjoint(of: y, graph.imageInput("gradient", channels: 11, height: 5, width: 4))]
  }
}

private struct InsertZerosInstruction: Instruction {
  let stride: Int64
  let from: Extents
  let to: Extents
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_insert_zeros(
      Int64(frame.rows(output)), from.height, from.width, from.channels, stride, to.height, to.width, frame.address(gradient),
      frame.address(output))
  }
}
