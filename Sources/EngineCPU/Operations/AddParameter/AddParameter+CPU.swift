import CKernels
import Engine

extension AddParameter: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(parameter)] }

  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction {
    AddParameterInstruction(source: site.inputs[0], output: site.output, parameter: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.addParameter(graph.imageInput("x", channels: 7, height: 2, width: 3), ParameterSpec(name: "p", shape: [1, 6, 7]))]
  }
}

private struct AddParameterInstruction: Instruction {
  let source: Operand
  let output: Operand
  let parameter: UnsafePointer<Float>

  func run(_ frame: Frame) {
    plumb_add_rows(
      Int64(frame.rows(output)), Int64(output.count), frame.address(source), Int64(frame.stride(source)), parameter, 0,
      frame.address(output))
  }
}
