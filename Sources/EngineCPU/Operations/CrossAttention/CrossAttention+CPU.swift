import CKernels
import Engine

extension CrossAttention: CPUOperation {
  func scratchCount(_ operands: [ValueShape]) -> Int {
    withUnsafePointer(to: kernelShape(queries: operands[0], keys: operands[1])) { Int(plumb_cross_attention_scratch_count($0)) }
  }

  private func kernelShape(queries: ValueShape, keys: ValueShape) -> plumb_cross_attention_shape {
    let width = queries.channels / heads
    let root = 1 / Double(width).squareRoot()
    return plumb_cross_attention_shape(
      queries: Int64(queries.pixels), keys: Int64(keys.pixels), heads: Int64(heads), width: Int64(width),
      operand_scale: scale == .queriesAndKeys ? Float(root.squareRoot()) : 1, score_scale: scale == .scores ? Float(root) : 1)
  }

  func instruction(_ site: Site) -> any Instruction {
    CrossAttentionInstruction(
      shape: kernelShape(queries: site.inputShapes[0], keys: site.inputShapes[1]), queries: site.inputs[0], keys: site.inputs[1],
      values: site.inputs[2], output: site.output, scratch: site.scratch)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 24, height: 3, width: 5)
    let keys = graph.sequenceInput("keys", length: 9, width: 24)
    let values = graph.sequenceInput("values", length: 9, width: 24)
    return AttentionScale.allCases.map { graph.attention(queries: x, keys: keys, values: values, heads: 2, scale: $0) }
  }
}

private struct CrossAttentionInstruction: Instruction {
  let shape: plumb_cross_attention_shape
  let queries: Operand
  let keys: Operand
  let values: Operand
  let output: Operand
  let scratch: Int

  func run(_ frame: Frame) {
    func operand(_ operand: Operand) -> plumb_attention_operand {
      plumb_attention_operand(base: frame.address(operand), stride: Int64(frame.stride(operand)))
    }
    withUnsafePointer(to: shape) { shape in
      plumb_cross_attention(
        shape, Int64(frame.rows(output)), operand(queries), operand(keys), operand(values), frame.address(output), frame.arena + scratch)
    }
  }
}
