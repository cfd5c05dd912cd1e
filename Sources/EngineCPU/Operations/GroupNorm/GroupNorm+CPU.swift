import CKernels
import Engine

extension GroupNorm: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(weight), PlainBlock(bias)] }

  func scratchCount(_ operands: [ValueShape]) -> Int { Int(plumb_group_norm_scratch_count(Int64(operands[0].channels))) }

  func overwritable(result: ValueShape) -> [Int] { [0] }

  func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)? {
    ModulatedGroupNorm(norm: self).followed(by: consumer, operand: operand)
  }

  func instruction(_ site: Site) -> any Instruction { GroupNormInstruction(ModulatedGroupNorm(norm: self), site) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] { [graph.probeNorm()] }
}

/// A group norm and what its kernel can do to the result in the same pass over memory: a modulation, then SiLU.
struct ModulatedGroupNorm: CPUOperation {
  let norm: GroupNorm
  /// A second operand, `[scale, shift]`, is applied after the affine part.
  var modulates = false
  /// SiLU is applied at the end.
  var appliesSiLU = false

  var name: String { norm.name }
  var parameters: [ParameterSpec] { norm.parameters }
  var constants: [any PackedBlock] { norm.constants }

  func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.count(operands, modulates ? 2 : 1)
    let shape = try norm.resultShape(Array(operands.prefix(1)))
    return modulates ? try Operands.broadcast(operands, width: 2) : shape
  }

  func scratchCount(_ operands: [ValueShape]) -> Int { norm.scratchCount(operands) }

  func overwritable(result: ValueShape) -> [Int] { [0] }

  func followed(by consumer: any Operation, operand: Int) -> (any CPUOperation)? {
    guard operand == 0, !appliesSiLU else { return nil }
    var merged = self
    if consumer as? Activation == .silu {
      merged.appliesSiLU = true
    } else if consumer is Modulate, !modulates {
      merged.modulates = true
    } else {
      return nil
    }
    return merged
  }

  func instruction(_ site: Site) -> any Instruction { GroupNormInstruction(self, site) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let norm = graph.probeNorm()
    return [graph.silu(graph.modulate(norm, scaleShift: graph.probeVector("v", 48)))]
  }
}

extension GraphBuilder {
  /// A group norm of a picture of 5x5, 24 channels, for probes.
  mutating func probeNorm() -> ValueID {
    groupNorm(
      imageInput("x", channels: 24, height: 5, width: 5), groups: 4, epsilon: 1e-5, weight: ParameterSpec(name: "weight", shape: [24]),
      bias: ParameterSpec(name: "bias", shape: [24]))
  }
}

private struct GroupNormInstruction: Instruction {
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

  init(_ modulated: ModulatedGroupNorm, _ site: Site) {
    pixels = Int64(site.shape.pixels)
    channels = Int64(site.shape.channels)
    groups = Int64(modulated.norm.groups)
    epsilon = modulated.norm.epsilon
    silu = modulated.appliesSiLU ? 1 : 0
    source = site.inputs[0]
    scaleShift = modulated.modulates ? site.inputs[1] : nil
    output = site.output
    weight = site.constants[0]
    bias = site.constants[1]
    scratch = site.scratch
  }

  func run(_ frame: Frame) {
    plumb_group_norm(
      Int64(frame.rows(output)), pixels, channels, groups, epsilon, frame.address(source), weight, bias,
      scaleShift.map { UnsafePointer(frame.address($0)) }, Int64(scaleShift.map(frame.stride) ?? 0), silu, frame.address(output),
      frame.arena + scratch)
  }
}
