import CKernels
import Engine

extension ChannelSlice: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    SliceInstruction(
      pixels: site.shape.pixels, channels: Int64(site.inputShapes[0].channels), first: Int64(channels.lowerBound),
      count: Int64(channels.count), source: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.slice(graph.imageInput("x", channels: 9, height: 2, width: 3), channels: 2..<7)]
  }
}

struct SliceInstruction: Instruction {
  let pixels: Int
  let channels: Int64
  let first: Int64
  let count: Int64
  let source: Operand
  let output: Operand

  func run(_ frame: Frame) {
    plumb_slice_channels(Int64(frame.rows(output) * pixels), channels, first, count, frame.address(source), frame.address(output))
  }
}
