import CKernels

struct AttentionInstruction: BitwiseCopyable {
  private let shape: plumb_attention_shape
  private let source: Operand
  private let output: Operand
  private let scratch: Int

  init(_ attention: Attention, _ site: Site) {
    shape = attention.kernelShape(site.inputShapes[0])
    source = site.inputs[0]
    output = site.output
    scratch = site.scratch
  }

  func run(_ frame: Frame) {
    withUnsafePointer(to: shape) { shape in
      plumb_attention(shape, Int64(frame.rows(output)), frame.address(source), frame.address(output), frame.arena + scratch)
    }
  }
}

extension Attention {
  func scratchCount(_ qkv: ValueShape) -> Int { withUnsafePointer(to: kernelShape(qkv)) { Int(plumb_attention_scratch_count($0)) } }

  func kernelShape(_ qkv: ValueShape) -> plumb_attention_shape {
    let channels = qkv.channels / 3
    let width = channels / heads
    // From one part to the next, and from one head to the next.
    let (part, head) = order == .partsThenHeads ? (channels, width) : (width, 3 * width)
    return plumb_attention_shape(
      tokens: Int64(qkv.pixels), heads: Int64(heads), width: Int64(width), query: 0, key: Int64(part), value: Int64(2 * part),
      head_stride: Int64(head))
  }
}
