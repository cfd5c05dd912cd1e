import CKernels
import Engine

extension Unpatchify: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    let extents = Extents(site.inputShapes[0])
    return UnpatchifyInstruction(
      height: Int(extents.height), width: extents.width, patch: Int64(patch), channels: Int64(channels), source: site.inputs[0],
      output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.unpatchify(graph.imageInput("x", channels: 12, height: 2, width: 3), patch: 2, channels: 3)]
  }
}

private struct UnpatchifyInstruction: Instruction {
  /// Rows of patches of one sample, and patches in each.
  let height: Int
  let width: Int64
  let patch: Int64
  let channels: Int64
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_unpatchify(Int64(frame.rows(output) * height), width, patch, channels, frame.address(source), frame.address(output))
  }
}
