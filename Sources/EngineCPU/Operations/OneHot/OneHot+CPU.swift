import Engine

extension OneHot: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { OneHotInstruction(scale: scale, source: site.inputs[0], output: site.output) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] { [graph.oneHot(graph.scalarInput("labels"), classes: 4, scale: 1.5)] }
}

/// Labels were checked when they were fed.
private struct OneHotInstruction: Instruction {
  let scale: Float
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let (label, vector) = (Int(frame.address(source)[row]), frame.address(output) + row * output.count)
      vector.update(repeating: 0, count: output.count)
      if label >= 0 { vector[label] = scale }
    }
  }
}
