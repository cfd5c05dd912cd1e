import Engine

/// A linear layer is the convolution of a single pixel.
extension Linear: CPUOperation {
  private var block: ConvolutionBlock { ConvolutionBlock(weight: weight, bias: bias) }

  var constants: [any PackedBlock] { [block] }

  func instruction(_ site: Site) -> any Instruction { ConvolutionInstruction(block, site) }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let x = graph.probeVector("x", 37)
    return [
      graph.linear(x, weight: ParameterSpec(name: "weight", shape: [19, 37]), bias: ParameterSpec(name: "bias", shape: [19]))
    ]
  }
}
