import CKernels
import Engine

extension MeanAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    MeanAdjointInstruction(extents: Extents(site.shape), gradient: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let mean = graph.meanOfPixels(graph.imageInput("x", channels: 5, height: 3, width: 3))
    return [graph.adjoint(of: mean, graph.imageInput("gradient", channels: 5, height: 1, width: 1))]
  }
}

private struct MeanAdjointInstruction: Instruction {
  let extents: Extents
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_mean_of_pixels_adjoint(
      Int64(frame.rows(output)), extents.pixels, extents.channels, frame.address(gradient), frame.address(output))
  }
}
