import CKernels
import Engine

extension MultiplyVector: CPUOperation {
  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction { MultiplyVectorInstruction(site) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 13, height: 3, width: 5)
    return [graph.multiply(x, graph.probeVector("v", 13))]
  }
}

private struct MultiplyVectorInstruction: Instruction {
  private let pixels: Int64
  private let channels: Int64
  private let source: Operand
  private let vector: Operand
  private let output: Operand

  init(_ site: Site) {
    pixels = Int64(site.shape.pixels)
    channels = Int64(site.shape.channels)
    source = site.inputs[0]
    vector = site.inputs[1]
    output = site.output
  }

  func run(_ frame: Frame) {
    plumb_multiply_vector(
      Int64(frame.rows(output)), pixels, channels, frame.address(source), frame.address(vector), Int64(frame.stride(vector)),
      frame.address(output))
  }
}
