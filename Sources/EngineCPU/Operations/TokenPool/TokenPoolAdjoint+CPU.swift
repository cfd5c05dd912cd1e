import CKernels
import Engine

extension TokenPoolAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction { SpreadInstruction(site, plumb_token_pool_adjoint) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 5, height: 3, width: 3)
    let tokens = graph.tokenPool(x, positions: ParameterSpec(name: "positions", shape: [5, 10]))
    return [graph.adjoint(of: tokens, graph.imageInput("gradient", channels: 5, height: 10, width: 1))]
  }
}
