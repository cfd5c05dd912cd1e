import CKernels

struct CrossAttentionInstruction: BitwiseCopyable {
  private let shape: plumb_cross_attention_shape
  private let queries: Operand
  private let keys: Operand
  private let values: Operand
  private let output: Operand
  private let scratch: Int

  init(_ attention: CrossAttention, _ site: Site) {
    shape = attention.kernelShape(queries: site.inputShapes[0], keys: site.inputShapes[1])
    queries = site.inputs[0]
    keys = site.inputs[1]
    values = site.inputs[2]
    output = site.output
    scratch = site.scratch
  }

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

extension CrossAttention {
  func scratchCount(_ inputs: [ValueShape]) -> Int {
    guard inputs.count == 3 else { return 0 }
    return withUnsafePointer(to: kernelShape(queries: inputs[0], keys: inputs[1])) { Int(plumb_cross_attention_scratch_count($0)) }
  }

  fileprivate func kernelShape(queries: ValueShape, keys: ValueShape) -> plumb_cross_attention_shape {
    let width = queries.channels / heads
    let root = 1 / Double(width).squareRoot()
    return plumb_cross_attention_shape(
      queries: Int64(queries.pixels), keys: Int64(keys.pixels), heads: Int64(heads), width: Int64(width),
      operand_scale: scale == .queriesAndKeys ? Float(root.squareRoot()) : 1, score_scale: scale == .scores ? Float(root) : 1)
  }
}
