import CKernels
import Engine

extension TokenPoolAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    TokenPoolAdjointInstruction(extents: Extents(site.shape), gradient: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 5, height: 3, width: 3)
    let tokens = graph.tokenPool(x, positions: ParameterSpec(name: "positions", shape: [5, 10]))
    return [graph.adjoint(of: tokens, graph.imageInput("gradient", channels: 5, height: 10, width: 1))]
  }
}

private struct TokenPoolAdjointInstruction: Instruction {
  let extents: Extents
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_token_pool_adjoint(
      Int64(frame.rows(output)), extents.pixels, extents.channels, frame.address(gradient), frame.address(output))
  }
}
