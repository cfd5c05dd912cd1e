import CKernels
import Engine

extension Attention: CPUOperation {
  /// Queries, keys and values alternate, channel by channel: they are separated before the kernel runs.
  private var isInterleaved: Bool { order == .headsThenChannelsThenParts }

  func scratchCount(_ operands: [ValueShape]) -> Int {
    kernelScratchCount(operands[0]) + (isInterleaved ? operands[0].count : 0)
  }

  private func kernelScratchCount(_ qkv: ValueShape) -> Int {
    withUnsafePointer(to: kernelShape(qkv)) { Int(plumb_attention_scratch_count($0)) }
  }

  func kernelShape(_ qkv: ValueShape) -> plumb_attention_shape {
    let channels = qkv.channels / 3
    let width = channels / heads
    // From one part to the next, and from one head to the next.
    let (part, head) = order == .partsThenHeads ? (channels, width) : (width, 3 * width)
    return plumb_attention_shape(
      tokens: Int64(qkv.pixels), heads: Int64(heads), width: Int64(width), query: 0, key: Int64(part), value: Int64(2 * part),
      head_stride: Int64(head))
  }

  func instruction(_ site: Site) -> any Instruction {
    AttentionInstruction(
      shape: kernelShape(site.inputShapes[0]), source: site.inputs[0], output: site.output, scratch: site.scratch,
      separated: isInterleaved ? site.scratch + kernelScratchCount(site.inputShapes[0]) : nil)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let qkv = graph.imageInput("qkv", channels: 72, height: 4, width: 5)
    return AttentionOrder.allCases.map { graph.attention(qkv, heads: 2, order: $0) }
  }
}

private struct AttentionInstruction: Instruction {
  let shape: plumb_attention_shape
  let source: Operand
  let output: Operand
  let scratch: Int
  /// Where a sample's queries, keys and values are put side by side first; nil when they are so already.
  let separated: Int?

  func run(_ frame: Frame) {
    withUnsafePointer(to: shape) { shape in
      let (x, y) = (frame.address(source), frame.address(output))
      guard let separated else {
        plumb_attention(shape, Int64(frame.rows(output)), x, y, frame.arena + scratch)
        return
      }
      for row in 0..<frame.rows(output) {
        let qkv = frame.arena + separated
        plumb_deinterleave(shape.pointee.tokens * shape.pointee.heads, shape.pointee.width, 3, x + row * source.count, qkv)
        plumb_attention(shape, 1, qkv, y + row * output.count, frame.arena + scratch)
      }
    }
  }
}
