import CKernels
import Engine

extension MeanAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { SpreadInstruction(site, plumb_mean_of_pixels_adjoint) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let mean = graph.meanOfPixels(graph.imageInput("x", channels: 5, height: 3, width: 3))
    return [graph.adjoint(of: mean, graph.imageInput("gradient", channels: 5, height: 1, width: 1))]
  }
}
