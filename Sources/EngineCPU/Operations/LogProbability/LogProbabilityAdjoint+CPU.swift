import CKernels
import Engine

extension LogProbabilityAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    LogProbabilityAdjointInstruction(
      logits: site.inputs[0], labels: site.inputs[1], gradient: site.inputs[2], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let logits = graph.scale(graph.probeVector("logits", 11), by: 6)
    let value = graph.logProbability(logits, at: graph.scalarInput("labels"))
    return [graph.adjoint(of: value, graph.scalarInput("gradient"))]
  }
}

private struct LogProbabilityAdjointInstruction: Instruction {
  let logits: Operand
  let labels: Operand
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_log_probability_adjoint(
      Int64(frame.rows(output)), Int64(output.count), frame.address(logits), frame.address(labels), Int64(frame.stride(labels)),
      frame.address(gradient), frame.address(output))
  }
}
