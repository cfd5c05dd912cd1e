import CKernels
import Engine

extension LayerNorm: CPUOperation {
  var constants: [any PackedBlock] { parameters.map { PlainBlock($0) } }

  func overwritable(result: ValueShape) -> [Int] { [0] }

  func instruction(_ site: Site) -> any Instruction {
    LayerNormInstruction(
      pixels: site.shape.pixels, channels: Int64(site.shape.channels), epsilon: epsilon, source: site.inputs[0], output: site.output,
      weight: weight == nil ? nil : site.constants.first, bias: bias == nil ? nil : site.constants.last)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 21, height: 3, width: 2)
    let (weight, bias) = (ParameterSpec(name: "weight", shape: [21]), ParameterSpec(name: "bias", shape: [21]))
    return [
      graph.layerNorm(x, epsilon: 1e-6, weight: weight, bias: bias), graph.layerNorm(x, epsilon: 1e-6, weight: nil, bias: nil),
    ]
  }
}

private struct LayerNormInstruction: Instruction {
  let pixels: Int
  let channels: Int64
  let epsilon: Float
  let source: Operand
  let output: Operand
  let weight: UnsafePointer<Float>?
  let bias: UnsafePointer<Float>?

  func run(_ frame: Frame) {
    plumb_layer_norm(
      Int64(frame.rows(output) * pixels), channels, epsilon, frame.address(source), weight, bias, frame.address(output))
  }
}
