import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct EmbeddingTests {
  @Test(arguments: [EmbeddingOrder.cosineFirst, .sineFirst]) func ordersMatchTheReference(order: EmbeddingOrder) throws {
    for formula in [FrequencyFormula.exponentialOfQuotient, .exponentialOfRate, .power] {
      for width in [32, 33] {
        var graph = GraphBuilder()
        let t = graph.scalarInput("t")
        graph.output("time", graph.timestepEmbedding(t, width: width, maxPeriod: 10000, halfDivisor: 15, order: order, formula: formula))
        let frequencies = ParameterSpec(name: "frequencies", shape: [7])
        graph.output("fourier", graph.fourierEmbedding(t, frequencies: frequencies, order: order))
        // Angles up to 9 * 2 pi are rounded three times.
        #expect(try Subject(graph.finish()).worstError(count: 5) <= Tolerance.function(steps: 3, magnitude: 9 * 2 * .pi))
      }
    }
  }

  @Test func oneHotIsZeroWithoutAClass() throws {
    var graph = GraphBuilder()
    graph.output("out", graph.oneHot(graph.scalarInput("y"), classes: 3, scale: 2))
    let subject = try Subject(graph.finish())
    let lane = try subject.lane(batch: 3)
    #expect(try subject.run(lane, ["y": [2, -1, 0]], count: 3)["out"] == [0, 0, 2, 0, 0, 0, 2, 0, 0])
    // Equal labels are computed once.
    #expect(try subject.run(lane, ["y": [-1, -1, -1]], count: 3)["out"] == [Float](repeating: 0, count: 9))
    for label: Float in [-2, 3, 0.5, .nan, .infinity] {
      let error = #expect(throws: PlumbError.self) { try subject.run(lane, ["y": [label]], count: 1) }
      #expect(error?.place == "y[0]" && error?.expected == "a whole number from -1 to 2", "label \(label)")
    }
  }

  @Test func labelOfATableAndAOneHotVectorSuitsBoth() throws {
    var graph = GraphBuilder()
    let y = graph.scalarInput("y")
    let row = graph.embeddingTable(y, weight: ParameterSpec(name: "table", shape: [2, 3]))
    graph.output("out", graph.add(row, graph.scale(graph.oneHot(y, classes: 3), by: 0.5)))
    let subject = try Subject(graph.finish())
    let lane = try subject.lane(batch: 1)
    #expect(try subject.worstError(count: 1, inputs: ["y": [1]]) <= Tolerance.function())
    for label: Float in [-1, 2] {
      #expect(throws: PlumbError.self, "label \(label)") { try subject.run(lane, ["y": [label]], count: 1) }
    }
  }
}
