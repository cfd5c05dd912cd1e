import Basics
import Engine

/// A convolution and the addition of its second operand, a picture of the result's shape, in one pass and with the bits of the
/// two.
struct ConvolutionWithResidual: CPUOperation {
  let convolution: Convolution

  var name: String { convolution.name }
  var parameters: [ParameterSpec] { convolution.parameters }
  var constants: [any PackedBlock] { convolution.constants }

  func resultShape(_ operands: [ValueShape]) throws -> ValueShape {
    try Operands.count(operands, 2)
    let result = try convolution.resultShape([operands[0]])
    guard operands[1] == result else {
      throw PlumbError("residual does not fit the result", kind: .input, expected: "\(result)", found: "\(operands[1])")
    }
    return result
  }

  func flops(_ operands: [ValueShape], result: ValueShape) -> Int { convolution.flops(operands, result: result) }

  func overwritable(result: ValueShape) -> [Int] { [1] }

  func instruction(_ site: Site) -> any Instruction { convolution.instruction(site, residual: site.inputs[1]) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.imageInput("x", channels: 11, height: 9, width: 9)
    let weight = ParameterSpec(name: "weight", shape: [11, 11, 3, 3])
    return [
      graph.add(x, graph.convolution(x, weight: weight, bias: ParameterSpec(name: "bias", shape: [11]), stride: 1, padding: 1))
    ]
  }
}
