import CKernels

struct GroupNormInstruction: BitwiseCopyable {
  private let pixels: Int64
  private let channels: Int64
  private let groups: Int64
  private let epsilon: Float
  private let silu: Int32
  private let source: Operand
  private let scaleShift: Operand?
  private let output: Operand
  private let weight: UnsafePointer<Float>
  private let bias: UnsafePointer<Float>
  private let scratch: Int

  init(_ norm: GroupNorm, _ site: Site) {
    pixels = Int64(site.node.shape.pixels)
    channels = Int64(site.node.shape.channels)
    groups = Int64(norm.groups)
    epsilon = norm.epsilon
    silu = norm.appliesSiLU ? 1 : 0
    source = site.inputs[0]
    scaleShift = norm.modulates ? site.inputs[1] : nil
    output = site.output
    weight = site.constants[0]
    bias = site.constants[1]
    scratch = site.scratch
  }

  static func scratchCount(_ shape: ValueShape) -> Int { Int(plumb_group_norm_scratch_count(Int64(shape.channels))) }

  func run(_ frame: Frame) {
    plumb_group_norm(
      Int64(frame.rows(output)), pixels, channels, groups, epsilon, frame.address(source), weight, bias,
      scaleShift.map { UnsafePointer(frame.address($0)) }, Int64(scaleShift.map(frame.stride) ?? 0), silu, frame.address(output),
      frame.arena + scratch)
  }
}
