import CKernels
import Engine

extension GroupNormAdjoint: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(norm.weight)] }

  func instruction(_ site: Site) -> any Instruction {
    GroupNormAdjointInstruction(
      extents: Extents(site.shape), groups: Int64(norm.groups), epsilon: norm.epsilon, source: site.inputs[0], gradient: site.inputs[1],
      output: site.output, weight: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.adjoint(of: graph.probeNorm(), graph.imageInput("gradient", channels: 24, height: 5, width: 5))]
  }
}

private struct GroupNormAdjointInstruction: Instruction {
  let extents: Extents
  let groups: Int64
  let epsilon: Float
  let source: Operand
  let gradient: Operand
  let output: Operand
  let weight: UnsafePointer<Float>

  func run(_ frame: Frame) {
    plumb_group_norm_adjoint(
      Int64(frame.rows(output)), extents.pixels, extents.channels, groups, epsilon, frame.address(source), frame.address(gradient), weight,
      frame.address(output))
  }
}
