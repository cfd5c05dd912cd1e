import CKernels
import Engine

extension TokenPool: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(positions)] }

  func instruction(_ site: Site) -> any Instruction {
    TokenPoolInstruction(
      pixels: Int64(site.inputShapes[0].pixels), channels: Int64(site.shape.channels), source: site.inputs[0], output: site.output,
      positions: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.tokenPool(graph.imageInput("x", channels: 13, height: 3, width: 3), positions: ParameterSpec(name: "p", shape: [13, 10]))]
  }
}

private struct TokenPoolInstruction: Instruction {
  let pixels: Int64
  let channels: Int64
  let source: Operand
  let output: Operand
  let positions: UnsafePointer<Float>

  func run(_ frame: Frame) {
    plumb_token_pool(Int64(frame.rows(output)), pixels, channels, frame.address(source), positions, frame.address(output))
  }
}
