import CKernels
import Engine

extension Add: CPUOperation {
  /// Sums of vectors are left out: one summand may be a single row that stands for all samples.
  func overwritable(result: ValueShape) -> [Int] { result.pixels > 1 ? [0, 1] : [] }

  func instruction(_ site: Site) -> any Instruction { AddInstruction(first: site.inputs[0], second: site.inputs[1], output: site.output) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 11, height: 3, width: 3)
    return [graph.add(x, graph.scale(x, by: 0.3))]
  }
}

private struct AddInstruction: Instruction {
  let first: Operand
  let second: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_add_rows(
      Int64(frame.rows(output)), Int64(output.count), frame.address(first), Int64(frame.stride(first)), frame.address(second),
      Int64(frame.stride(second)), frame.address(output))
  }
}
