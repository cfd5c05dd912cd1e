import CKernels
import Engine

extension Flatten: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    FlattenInstruction(
      pixels: Int64(site.inputShapes[0].pixels), channels: Int64(site.inputShapes[0].channels), source: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.flattenCHW(graph.imageInput("x", channels: 5, height: 2, width: 3))]
  }
}

private struct FlattenInstruction: Instruction {
  let pixels: Int64
  let channels: Int64
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_channels_first(
      Int64(frame.rows(output)), channels, pixels, frame.address(source), Int64(frame.stride(source)), frame.address(output))
  }
}
