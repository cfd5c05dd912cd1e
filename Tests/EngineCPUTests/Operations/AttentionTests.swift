import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct AttentionTests {
  @Test(arguments: [(1, 1), (2, 2), (4, 4), (7, 7), (8, 8), (11, 9)], [(1, 32), (2, 16), (3, 5), (1, 1), (2, 24)])
  func attentionMatchesTheReference(_ size: (Int, Int), _ heads: (Int, Int)) throws {
    for order in [AttentionOrder.partsThenHeads, .headsThenParts, .headsThenChannelsThenParts] {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: 3 * heads.0 * heads.1, height: size.0, width: size.1)
      graph.output("out", graph.attention(x, heads: heads.0, order: order))
      // A mean of values below 1, weighted by exponentials of scores that are sums over a head.
      let limit = Tolerance.sum(depth: heads.1 + size.0 * size.1) + Tolerance.function(steps: 8)
      #expect(try Subject(graph.finish()).worstError(count: 2) <= limit)
    }
  }

  @Test func largeScoresDoNotOverflow() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 12, height: 3, width: 3)
    graph.output("out", graph.attention(x, heads: 1, order: .partsThenHeads))
    let subject = try Subject(graph.finish())
    var inputs = subject.inputs(1)
    inputs["x"] = inputs["x"]?.enumerated().map { $0 < 72 ? 300 * $1 : $1 }
    // Scores near 1e5 carry errors of 1e5 * unit, which the exponential hands on.
    #expect(try subject.worstError(count: 1, inputs: inputs) <= Tolerance.sum(depth: 8, magnitude: 1e5))
  }
}
