import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct GroupNormTests {
  @Test(arguments: [(32, 32), (64, 32), (96, 32), (12, 4), (5, 5), (7, 1), (20, 4)], [(8, 8), (2, 2), (1, 1), (5, 3)])
  func groupNormMatchesTheReference(_ channels: (Int, Int), _ size: (Int, Int)) throws {
    for (modulates, silu) in [(false, false), (true, false), (false, true), (true, true)] {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: channels.0, height: size.0, width: size.1)
      var y = graph.norm(x, "norm", groups: channels.1)
      if modulates {
        let t = graph.scalarInput("t")
        y = graph.modulate(
          y, scaleShift: graph.dense(graph.timestepEmbedding(t, width: 4, maxPeriod: 10, halfDivisor: 2), "emb", to: 2 * channels.0))
      }
      graph.output("out", silu ? graph.silu(y) : y)
      let subject = try Subject(graph.finish())
      // One node left of norm, modulation and SiLU, besides inputs, embedding and linear.
      #expect(try CPUNetwork(subject.graph, batch: 1, on: CPUDevice()).merged.nodes.count == (modulates ? 5 : 2))
      // Normalised numbers reach sqrt(members) and are scaled by up to 2 * (1 + 2).
      let members = Double(size.0 * size.1 * channels.0 / channels.1)
      #expect(try subject.worstError(count: 3) <= Tolerance.function(steps: 8, magnitude: 6 * members.squareRoot() + 4))
    }
  }

  /// 1 plus noise of 1e-4: the variance, 1e-8, is far below epsilon, and a variance lost to rounding would show.
  @Test(arguments: [Float(1), 100, -30]) func nearlyConstantInputKeepsItsDigits(center: Float) throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 64, height: 8, width: 8)
    graph.output("out", graph.norm(x, "norm", groups: 32))
    let subject = try Subject(graph.finish())
    var inputs = subject.inputs(2)
    inputs["x"] = inputs["x"]?.map { center + 1e-4 * $0 }
    // y is about 1e-4 / sqrt(1e-5) = 0.03, made from exact differences, plus a bias below 1. `x * factor + offset` would
    // lose `unit * center / sqrt(1e-5)`, 300 times this limit at 100.
    #expect(try subject.worstError(count: 2, inputs: inputs) <= Tolerance.function(steps: 2, magnitude: 1.1))
  }

  @Test func normThatOthersReadIsNotMergedAway() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 4, width: 4)
    let y = graph.norm(x, "norm")
    graph.output("out", graph.add(graph.silu(y), y))
    graph.output("norm", y)
    #expect(try Subject(graph.finish()).worstError() <= Tolerance.function(steps: 8, magnitude: 8))
  }
}
