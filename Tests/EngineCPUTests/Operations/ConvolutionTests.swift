import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct ConvolutionTests {
  struct Case: CustomTestStringConvertible {
    let size: (Int, Int)
    let from: Int
    let to: Int
    var kernel = (3, 3)
    var stride = 1
    var padding = 1
    var trailingPadding = 0
    var testDescription: String { "\(size) \(from)->\(to) k\(kernel) s\(stride) p\(padding)+\(trailingPadding)" }
  }

  static let cases = [
    Case(size: (8, 8), from: 32, to: 32), Case(size: (2, 2), from: 16, to: 24), Case(size: (1, 1), from: 3, to: 5),
    Case(size: (9, 11), from: 3, to: 17), Case(size: (8, 8), from: 5, to: 2), Case(size: (12, 10), from: 1, to: 33),
    Case(size: (9, 9), from: 8, to: 16, stride: 2), Case(size: (8, 8), from: 4, to: 7, stride: 2),
    Case(size: (4, 4), from: 20, to: 48, kernel: (1, 1), padding: 0), Case(size: (7, 6), from: 6, to: 9, kernel: (1, 7), padding: 3),
    Case(size: (6, 6), from: 2, to: 8, kernel: (5, 5), stride: 3, padding: 4),
    Case(size: (5, 5), from: 4, to: 4, kernel: (2, 2), padding: 0),
    Case(size: (8, 8), from: 2, to: 3, kernel: (8, 8), padding: 2),
    Case(size: (8, 8), from: 4, to: 6, stride: 2, padding: 0, trailingPadding: 1),
    Case(size: (5, 7), from: 3, to: 17, stride: 2, padding: 0, trailingPadding: 1),
    Case(size: (16, 16), from: 5, to: 8, stride: 2, padding: 1, trailingPadding: 2),
  ]

  @Test(arguments: cases) func convolutionMatchesTheReference(_ shape: Case) throws {
    for bias in [false, true] {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: shape.from, height: shape.size.0, width: shape.size.1)
      let weight = ParameterSpec(name: "w", shape: [shape.to, shape.from, shape.kernel.0, shape.kernel.1])
      let y = graph.convolution(
        x, weight: weight, bias: bias ? ParameterSpec(name: "b", shape: [shape.to]) : nil, stride: shape.stride, padding: shape.padding,
        trailingPadding: shape.trailingPadding)
      graph.output("out", y)
      let depth = shape.from * shape.kernel.0 * shape.kernel.1
      for count in [1, 3, 7] {
        #expect(try Subject(graph.finish()).worstError(count: count) <= Tolerance.sum(depth: depth))
      }
    }
  }

  @Test func oneDimensionalWeightIsPointwise() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 6, height: 3, width: 3)
    graph.output("out", graph.convolution(x, weight: ParameterSpec(name: "w", shape: [9, 6, 1]), bias: nil, stride: 1, padding: 0))
    #expect(try Subject(graph.finish()).worstError() <= Tolerance.sum(depth: 6))
  }

  @Test func trailingPaddingAddsARowBelowAndAColumnOnTheRight() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 1, height: 2, width: 2)
    let weight = ParameterSpec(name: "w", shape: [1, 1, 3, 3])
    graph.output("out", graph.convolution(x, weight: weight, bias: nil, stride: 2, padding: 0, trailingPadding: 1))
    let finished = try graph.finish()
    var source = try TensorsInMemory(for: finished)
    source.tensors["w"] = try HostTensor(floats: [1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8], shape: [1, 1, 3, 3])
    let lane = try CPUDevice().lane(of: finished, weights: source, batch: 1)
    var found: [Float] = [0]
    try [Float]([1, 2, 3, 4]).withUnsafeBufferPointer { x in
      try found.withUnsafeMutableBufferPointer { try lane.run(count: 1, inputs: ["x": x], outputs: ["out": $0]) }
    }
    #expect(found == [1 + 20 + 3000 + 40000])
  }

  @Test func linearLayerRunsOnEveryPixel() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 6, height: 3, width: 5)
    graph.output("out", graph.dense(x, "dense", to: 9))
    #expect(try Subject(graph.finish()).worstError(count: 3) <= Tolerance.sum(depth: 7))
  }

  @Test(arguments: [true, false]) func mergedResidualHasTheBitsOfASeparateAddition(isFirst: Bool) throws {
    func graph(isMerged: Bool) throws -> Graph {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: 11, height: 5, width: 4)
      let skip = graph.conv(x, "skip", to: 19, kernel: 1)
      let y = graph.conv(x, "conv", to: 19)
      graph.output("out", isFirst ? graph.add(y, skip) : graph.add(skip, y))
      if !isMerged {
        graph.output("y", y)
        graph.output("skip", skip)
      }
      return try graph.finish()
    }
    let merged = try Subject(graph(isMerged: true))
    let separate = try Subject(graph(isMerged: false))
    let inputs = merged.inputs(3)
    #expect(try CPUNetwork(merged.graph, batch: 3, on: CPUDevice()).merged.nodes.count == 3)
    let found = try merged.run(merged.lane(batch: 3), inputs, count: 3)
    #expect(try bits(found)["out"] == bits(separate.run(separate.lane(batch: 3), inputs, count: 3))["out"])
  }

  @Test func residualThatIsTheSourceIsNotOverwritten() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 6, width: 6)
    let h = graph.silu(x)
    graph.output("out", graph.add(h, graph.conv(h, "conv", to: 8)))
    #expect(try Subject(graph.finish()).worstError(count: 4) <= Tolerance.sum(depth: 72))
  }
}
