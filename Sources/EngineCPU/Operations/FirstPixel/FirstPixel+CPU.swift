import CKernels
import Engine

extension FirstPixel: CPUOperation {
  /// A picture's numbers are one row of it.
  func instruction(_ site: Site) -> any Instruction {
    SliceInstruction(
      pixels: 1, channels: Int64(site.inputShapes[0].count), first: 0, count: Int64(site.shape.count), source: site.inputs[0],
      output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.firstPixel(graph.imageInput("x", channels: 5, height: 2, width: 3))]
  }
}
