import CKernels
import Engine

extension FilterResampling: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(taps)] }

  func instruction(_ site: Site) -> any Instruction {
    let (source, result) = (Extents(site.inputShapes[0]), Extents(site.shape))
    let shape = plumb_filter_shape(
      height: source.height, width: source.width, channels: source.channels, output_height: result.height, output_width: result.width,
      length: Int64(length), padding: Int64(padding))
    return FilterInstruction(direction: direction, shape: shape, source: site.inputs[0], output: site.output, taps: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 13, height: 6, width: 8)
    let taps = ParameterSpec(name: "taps", shape: [1, 1, 4, 4])
    return [graph.filterUp(x, taps: taps), graph.filterDown(x, taps: taps)]
  }
}

private struct FilterInstruction: Instruction {
  let direction: FilterResampling.Direction
  let shape: plumb_filter_shape
  let source: Operand
  let output: Operand
  let taps: UnsafePointer<Float>

  func run(_ frame: Frame) {
    let kernel = direction == .up ? plumb_filter_up : plumb_filter_down
    withUnsafePointer(to: shape) { shape in
      kernel(shape, Int64(frame.rows(output)), frame.address(source), taps, frame.address(output))
    }
  }
}
