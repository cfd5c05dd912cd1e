import Engine

extension EmbeddingTable: CPUOperation {
  var constants: [any PackedBlock] { [PlainBlock(weight)] }

  func instruction(_ site: Site) -> any Instruction {
    EmbeddingTableInstruction(source: site.inputs[0], output: site.output, table: site.constants[0])
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    [graph.embeddingTable(graph.scalarInput("labels"), weight: ParameterSpec(name: "table", shape: [7, 5]))]
  }
}

/// Copies rows of a table. Labels were checked when they were fed.
private struct EmbeddingTableInstruction: Instruction {
  let source: Operand
  let output: Operand
  let table: UnsafePointer<Float>

  func run(_ frame: Frame) {
    for row in 0..<frame.rows(output) {
      let label = Int(frame.address(source)[row])
      (frame.address(output) + row * output.count).update(from: table + label * output.count, count: output.count)
    }
  }
}
