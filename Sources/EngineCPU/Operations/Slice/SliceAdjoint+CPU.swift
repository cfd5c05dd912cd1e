import Engine

extension SliceAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    PlaceInstruction(
      rowsPerSample: site.shape.pixels, from: site.inputShapes[0].channels, to: site.shape.channels, at: first, gradient: site.inputs[0],
      output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let slice = graph.slice(graph.imageInput("x", channels: 9, height: 2, width: 3), channels: 2..<7)
    return [graph.adjoint(of: slice, graph.imageInput("gradient", channels: 5, height: 2, width: 3))]
  }
}

/// Rows of numbers into longer rows, zeros around.
struct PlaceInstruction: Instruction {
  let rowsPerSample: Int
  /// Numbers of a row, before and after.
  let from: Int
  let to: Int
  /// Where they begin.
  let at: Int
  let gradient: Operand
  let output: Operand

  func run(_ frame: Frame) {
    let rows = frame.rows(output) * rowsPerSample
    let (dy, dx) = (frame.address(gradient), frame.address(output))
    dx.update(repeating: 0, count: rows * to)
    for row in 0..<rows { (dx + row * to + at).update(from: dy + row * from, count: from) }
  }
}
