import CKernels
import Engine

extension Resampling: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    ResamplingInstruction(resampling: self, extents: Extents(site.inputShapes[0]), source: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 13, height: 5, width: 6)
    return allCases.map { graph.append($0, [x]) }
  }
}

private struct ResamplingInstruction: Instruction {
  let resampling: Resampling
  let extents: Extents
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    let kernel =
      switch resampling {
      case .upsampleNearest2x: plumb_upsample_nearest_2x
      case .averagePool2x2: plumb_average_pool_2x2
      case .maxPool2x2: plumb_max_pool_2x2
      case .mean: plumb_mean_of_pixels
      }
    kernel(Int64(frame.rows(output)), extents.height, extents.width, extents.channels, frame.address(source), frame.address(output))
  }
}
