import CKernels
import Engine

extension ActivationAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    ActivationAdjointInstruction(function: self, source: site.inputs[0], gradient: site.inputs[1], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 13, height: 4, width: 5)
    let gradient = graph.imageInput("gradient", channels: 13, height: 4, width: 5)
    let wide = graph.scale(x, by: 20)
    let values = [graph.silu(x), graph.silu(wide), graph.relu(x)]
    return values.map { graph.adjoint(of: $0, gradient) }
  }
}

private struct ActivationAdjointInstruction: Instruction {
  let function: ActivationAdjoint
  let source: Operand
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    let length = Int64(frame.rows(output) * output.count)
    let kernel = function == .silu ? plumb_silu_adjoint : plumb_relu_adjoint
    kernel(length, frame.address(source), frame.address(gradient), frame.address(output))
  }
}
