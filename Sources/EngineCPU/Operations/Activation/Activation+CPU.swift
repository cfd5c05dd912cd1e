import CKernels
import Engine

extension Activation: CPUOperation {
  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction { ActivationInstruction(activation: self, source: site.inputs[0], output: site.output) }

  /// Over the whole range of the exponential, and near zero.
  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 19, height: 5, width: 9)
    let far = graph.scale(x, by: 88)
    return allCases.flatMap { [graph.append($0, [x]), graph.append($0, [far])] }
  }
}

private struct ActivationInstruction: Instruction {
  let activation: Activation
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    let length = Int64(frame.rows(output) * output.count)
    switch activation {
    case .silu: plumb_silu(length, frame.address(source), frame.address(output))
    case .relu: plumb_relu(length, frame.address(source), frame.address(output))
    case .gelu: plumb_gelu(length, frame.address(source), frame.address(output))
    case .geluTanh: plumb_gelu_tanh(length, frame.address(source), frame.address(output))
    }
  }
}
