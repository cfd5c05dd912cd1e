import Engine

extension FirstPixelAdjoint: CPUOperation {
  func instruction(_ site: Site) -> any Instruction {
    PlaceInstruction(
      rowsPerSample: 1, from: site.inputs[0].count, to: site.output.count, at: 0, gradient: site.inputs[0], output: site.output)
  }

  static func probe(_ graph: inout GraphBuilder) -> [ValueID] {
    let pixel = graph.firstPixel(graph.imageInput("x", channels: 5, height: 2, width: 3))
    return [graph.adjoint(of: pixel, graph.imageInput("gradient", channels: 5, height: 1, width: 1))]
  }
}
