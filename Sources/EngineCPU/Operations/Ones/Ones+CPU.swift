import Engine

extension Ones: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { OnesInstruction(output: site.output) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.append(Ones(), [graph.imageInput("x", channels: 2, height: 2, width: 2)])]
  }
}

private struct OnesInstruction: Instruction {
  let output: Operand

  func run(_ frame: Frame) { frame.address(output).update(repeating: 1, count: frame.rows(output) * output.count) }
}
