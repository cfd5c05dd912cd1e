import CKernels

struct AttentionInstruction: BitwiseCopyable {
  private let shape: plumb_attention_shape
  private let source: Operand
  private let output: Operand
  private let scratch: Int
  /// Where a sample's queries, keys and values are put side by side first; nil when they are so already.
  private let separated: Int?

  init(_ attention: Attention, _ site: Site) {
    shape = attention.kernelShape(site.inputShapes[0])
    source = site.inputs[0]
    output = site.output
    scratch = site.scratch
    separated = attention.isInterleaved ? site.scratch + attention.kernelScratchCount(site.inputShapes[0]) : nil
  }

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

extension Attention {
  /// Queries, keys and values alternate, channel by channel: they are separated before the kernel runs.
  var isInterleaved: Bool { order == .headsThenChannelsThenParts }

  func scratchCount(_ qkv: ValueShape) -> Int { kernelScratchCount(qkv) + (isInterleaved ? qkv.count : 0) }

  func kernelScratchCount(_ qkv: ValueShape) -> Int {
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
}
