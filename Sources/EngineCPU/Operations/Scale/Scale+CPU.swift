import CKernels
import Engine

extension Scale: CPUOperation {
  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction { ScaleInstruction(factor: factor, source: site.inputs[0], output: site.output) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.scale(graph.imageInput("x", channels: 7, height: 3, width: 3), by: 0.7)]
  }
}

private struct ScaleInstruction: Instruction {
  let factor: Float
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_scale(Int64(frame.rows(output) * output.count), frame.address(source), factor, frame.address(output))
  }
}
