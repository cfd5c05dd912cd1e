import Basics
import CKernels
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct FilterTests {
  private func filtered(_ size: (Int, Int), channels: Int, length: Int, padding: Int? = nil) throws -> Graph {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: channels, height: size.0, width: size.1)
    let taps = ParameterSpec(name: "taps", shape: [1, 1, length, length])
    if padding == nil { graph.output("up", graph.filterUp(x, taps: taps)) }
    graph.output("down", graph.filterDown(x, taps: taps, padding: padding))
    return try graph.finish()
  }

  @Test(arguments: [(8, 8), (2, 4), (5, 7), (10, 2)], [(16, 2), (3, 2), (8, 4), (13, 4), (9, 6), (5, 8)])
  func filtersMatchTheReference(_ size: (Int, Int), _ shape: (Int, Int)) throws {
    let graph = try filtered(size, channels: shape.0, length: shape.1)
    #expect(graph.outputs[0].shape == .image(height: 2 * size.0, width: 2 * size.1, channels: shape.0))
    #expect(graph.outputs[1].shape == .image(height: size.0 / 2, width: size.1 / 2, channels: shape.0))
    #expect(try Subject(graph).worstError(count: 3) <= Tolerance.sum(depth: shape.1 * shape.1, magnitude: 4))
  }

  @Test(arguments: [0, 1, 3]) func paddingIsTheCallers(padding: Int) throws {
    let graph = try filtered((10, 8), channels: 5, length: 4, padding: padding)
    #expect(graph.outputs[0].shape == .image(height: 4 + padding, width: 3 + padding, channels: 5))
    #expect(try Subject(graph).worstError(count: 2) <= Tolerance.sum(depth: 16))
  }

  /// The taps [1, 1] / 2 in both directions, as EDM's networks keep them.
  @Test func boxFilterRepeatsAndAverages() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 6, height: 6, width: 4)
    let taps = ParameterSpec(name: "taps", shape: [1, 1, 2, 2])
    graph.output("up", graph.filterUp(x, taps: taps))
    graph.output("nearest", graph.upsampleNearest2x(x))
    graph.output("down", graph.filterDown(x, taps: taps))
    graph.output("average", graph.averagePool2x2(x))
    var source = try TensorsInMemory(for: graph.finish())
    source.tensors["taps"] = try HostTensor(floats: [0.25, 0.25, 0.25, 0.25], shape: [1, 1, 2, 2])
    let subject = try Subject(graph.finish())
    let lane = try CPUDevice().lane(of: subject.graph, weights: source, batch: 2)
    let found = try subject.run(lane, subject.inputs(2), count: 2)
    #expect(found["up"] == found["nearest"], "repeating a pixel")
    for (down, average) in zip(found["down"] ?? [], found["average"] ?? [.nan]) {
      #expect(abs(down - average) <= 2 * Float(Tolerance.unit), "the mean of four")
    }
  }

  @Test func badFiltersAreRefused() {
    for shape in [[1, 1, 3, 3], [1, 1, 4, 2], [4, 4], [2, 1, 2, 2], [1, 1, 66, 66], [1, 1, 0, 0]] {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: 2, height: 80, width: 80)
      graph.output("out", graph.filterDown(x, taps: ParameterSpec(name: "taps", shape: shape)))
      let error = #expect(throws: PlumbError.self) { try graph.finish() }
      #expect(error?.place?.hasSuffix("taps") == true && error?.kind == .input, "\(shape)")
    }
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 2, height: 1, width: 8)
    graph.output("out", graph.filterDown(x, taps: ParameterSpec(name: "taps", shape: [1, 1, 2, 2])))
    #expect(throws: PlumbError.self) { try graph.finish() }
  }
}
