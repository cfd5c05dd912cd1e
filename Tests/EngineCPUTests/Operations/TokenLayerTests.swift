import Basics
import CKernels
import Engine
import EngineCPU
import Foundation
import ReferenceDevice
import Testing

/// What transformers add: GELU, gates, layer norm.
@Suite struct TokenLayerTests {
  @Test(arguments: [GELUApproximation.none, .tanh]) func geluIsTheFunctionOfThePaper(_ approximation: GELUApproximation) {
    let x = stride(from: -12, through: 12, by: 0.0131).map { Float($0) } + [-.infinity, .infinity, 0, -0.0]
    var y = [Float](repeating: 0, count: x.count)
    if approximation == .none { plumb_gelu(Int64(x.count), x, &y) } else { plumb_gelu_tanh(Int64(x.count), x, &y) }
    for (argument, found) in zip(x, y).dropLast(4) {
      let exact = (approximation == .none ? Activation.gelu : .geluTanh).of(Double(argument))
      #expect(abs(Double(found) - exact) <= 5e-7 * max(1, abs(Double(argument))), "gelu(\(argument))")
    }
    #expect(y[x.count - 3] == .infinity && y[x.count - 2] == 0 && y[x.count - 1] == 0)
  }

  /// Known values of x Phi(x), from tables of the normal distribution.
  @Test func geluOfOneIsTheNormalDistributionOfOne() {
    let x: [Float] = [1, -1, 2, -3]
    var y = [Float](repeating: 0, count: 4)
    plumb_gelu(4, x, &y)
    for (found, exact) in zip(y, [0.8413447461, -0.1586552539, 1.954499736, -0.0040496940]) {
      #expect(abs(Double(found) - exact) <= 5e-7)
    }
  }

  @Test(arguments: [(4, 4, 16), (3, 5, 7), (1, 1, 33)], [true, false])
  func layerNormMatchesTheReference(_ extent: (Int, Int, Int), _ isAffine: Bool) throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: extent.2, height: extent.0, width: extent.1)
    let (weight, bias) = (ParameterSpec(name: "w", shape: [extent.2]), ParameterSpec(name: "b", shape: [extent.2]))
    graph.output("out", graph.layerNorm(x, epsilon: 1e-6, weight: isAffine ? weight : nil, bias: isAffine ? bias : nil))
    graph.output("biased", graph.layerNorm(x, epsilon: 1e-5, weight: nil, bias: bias))
    // Normalised numbers reach sqrt(channels).
    let limit = Tolerance.function(steps: 4, magnitude: Double(extent.2).squareRoot() + 1)
    #expect(try Subject(graph.finish()).worstError(count: 3) <= limit)
  }

  @Test func productsMatchTheReference() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 9, height: 3, width: 2)
    let gate = graph.embeddingTable(graph.scalarInput("y"), weight: ParameterSpec(name: "table", shape: [10, 9]))
    graph.output("gated", graph.multiply(x, gate))
    graph.output("square", graph.multiply(x, x))
    graph.output("vectors", graph.multiply(gate, gate))
    #expect(try Subject(graph.finish()).worstError(count: 3) <= Tolerance.function(steps: 1))
  }

  @Test func aGateOfAnotherWidthIsRefused() {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 9, height: 3, width: 2)
    let gate = graph.embeddingTable(graph.scalarInput("y"), weight: ParameterSpec(name: "table", shape: [10, 8]))
    graph.output("out", graph.multiply(x, gate))
    #expect(throws: PlumbError.self) { try graph.finish() }
  }
}
