import Engine

extension FourierEmbedding: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(frequencies)] }

  func instruction(_ site: Site) -> any Instruction {
    FourierEmbeddingInstruction(
      half: frequencies.shape[0], order: order, source: site.inputs[0], output: site.output, frequencies: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.fourierEmbedding(graph.scalarInput("t"), frequencies: ParameterSpec(name: "frequencies", shape: [32]))]
  }
}

/// `t (2 pi f)`, both products rounded to float32 as the original rounds them, then cosine and sine in float64.
private struct FourierEmbeddingInstruction: Instruction {
  let half: Int
  let order: EmbeddingOrder
  let source: Operand
  let output: Operand
  let frequencies: UnsafePointer<Float>

  func run(_ frame: Frame) {
    let turn = Float(2 * Double.pi)
    for row in 0..<frame.rows(output) {
      let time = frame.address(source)[row]
      let embedded = frame.address(output) + row * output.count
      for k in 0..<half { order.write(angle: time * (turn * frequencies[k]), k, of: half, into: embedded) }
    }
  }
}
