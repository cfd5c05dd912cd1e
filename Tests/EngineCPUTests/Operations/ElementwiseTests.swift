import CKernels
import Engine
import EngineCPU
import Foundation
import ReferenceDevice
import Testing

@Suite struct ElementwiseTests {
  @Test func exponentialIsWithinTwoUnitsInTheLastPlace() {
    let x = stride(from: -87, through: 88.3, by: 0.0317).map { Float($0) }
    var y = [Float](repeating: 0, count: x.count)
    plumb_exp(Int64(x.count), x, &y)
    for (argument, found) in zip(x, y) {
      let exact = exp(Double(argument))
      #expect(abs(Double(found) - exact) <= 2 * Double(Float(exact).ulp))
    }
  }

  @Test func exponentialOfTheExtremes() {
    let x: [Float] = [-.infinity, -1000, 0, -0.0, 1000, .infinity, .nan]
    var y = [Float](repeating: 0, count: x.count)
    plumb_exp(Int64(x.count), x, &y)
    #expect(y[0] > 0 && y[0] < 2e-38 && y[1] == y[0] && y[2] == 1 && y[3] == 1 && y[4] == .infinity && y[5] == .infinity && y[6].isNaN)
  }

  @Test(arguments: [(8, 8, 16), (3, 5, 7), (1, 1, 1), (4, 2, 9)])
  func picturesMatchTheReference(_ extent: (Int, Int, Int)) throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: extent.2, height: extent.0, width: extent.1)
    let z = graph.imageInput("z", channels: 3, height: extent.0, width: extent.1)
    let v = graph.dense(graph.flattenCHW(z), "v", to: 2 * extent.2)
    let w = graph.dense(v, "w", to: extent.2, bias: false)
    graph.output("silu", graph.silu(x))
    graph.output("relu", graph.relu(x))
    graph.output("add", graph.add(x, graph.relu(x)))
    graph.output("addVector", graph.addVector(x, w))
    graph.output("modulate", graph.modulate(x, scaleShift: v))
    graph.output("concatenate", graph.concatenate(x, z))
    graph.output("up", graph.upsampleNearest2x(x))
    graph.output("flat", graph.flattenCHW(x))
    graph.output("sum", graph.add(v, v))
    let depth = 3 * extent.0 * extent.1 + 2 * extent.2
    #expect(try Subject(graph.finish()).worstError(count: 3) <= Tolerance.sum(depth: depth) + Tolerance.function(steps: 6, magnitude: 4))
  }

  @Test(arguments: [(8, 8, 16), (2, 2, 3), (5, 7, 9)])
  func poolingMatchesTheReference(_ extent: (Int, Int, Int)) throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: extent.2, height: extent.0, width: extent.1)
    graph.output("average", graph.averagePool2x2(x))
    graph.output("max", graph.maxPool2x2(x))
    graph.output("mean", graph.meanOfPixels(x))
    #expect(try Subject(graph.finish()).worstError(count: 3) <= Tolerance.function(steps: 3))
  }

  @Test func conditioningMatchesTheReference() throws {
    var graph = GraphBuilder()
    let embedded = graph.timestepEmbedding(graph.scalarInput("t"), width: 33, maxPeriod: 10000, halfDivisor: 16)
    let table = graph.embeddingTable(graph.scalarInput("y"), weight: ParameterSpec(name: "table", shape: [10, 40]))
    graph.output("time", embedded)
    graph.output("class", table)
    graph.output("sum", graph.add(graph.dense(graph.silu(graph.dense(embedded, "a", to: 40)), "b", to: 40), table))
    // Angles are rounded to float32: t <= 9 gives errors of 9 * 2 units in them.
    #expect(try Subject(graph.finish()).worstError(count: 5) <= Tolerance.sum(depth: 80) + Tolerance.function(steps: 18))
  }
}
