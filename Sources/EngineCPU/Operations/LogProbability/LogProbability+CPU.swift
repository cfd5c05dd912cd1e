import CKernels
import Engine

extension LogProbability: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    LogProbabilityInstruction(
      classes: Int64(site.inputShapes[0].count), logits: site.inputs[0], labels: site.inputs[1], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let logits = graph.scale(graph.probeVector("logits", 11), by: 6)
    return [graph.logProbability(logits, at: graph.scalarInput("labels"))]
  }
}

private struct LogProbabilityInstruction: Instruction {
  let classes: Int64
  let logits: Operand
  let labels: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_log_probability(
      Int64(frame.rows(output)), classes, frame.address(logits), frame.address(labels), Int64(frame.stride(labels)),
      frame.address(output))
  }
}
