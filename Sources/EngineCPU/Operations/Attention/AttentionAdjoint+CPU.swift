import CKernels
import Engine

extension AttentionAdjoint: CPUOperation {
  func scratchCount(_ operands: [ValueShape]) -> Int { 2 * operands[0].pixels }

  func instruction(_ site: Site) -> any Instruction {
    AttentionAdjointInstruction(
      shape: attention.kernelShape(site.inputShapes[0]), source: site.inputs[0], gradient: site.inputs[1], output: site.output,
      scratch: site.scratch)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let qkv = graph.imageInput("qkv", channels: 36, height: 3, width: 4)
    let gradient = graph.imageInput("gradient", channels: 12, height: 3, width: 4)
    return [AttentionOrder.partsThenHeads, .headsThenParts].map { order in
      graph.adjoint(of: graph.attention(qkv, heads: 2, order: order), gradient)
    }
  }
}

private struct AttentionAdjointInstruction: Instruction {
  let shape: plumb_attention_shape
  let source: Operand
  let gradient: Operand
  let output: Operand
  let scratch: Int

  func run(_ frame: Frame) {
    withUnsafePointer(to: shape) { shape in
      for row in 0..<frame.rows(output) {
        plumb_attention_adjoint(
          shape, frame.address(source) + row * source.count, frame.address(gradient) + row * gradient.count,
          frame.address(output) + row * output.count, frame.arena + scratch)
      }
    }
  }
}
