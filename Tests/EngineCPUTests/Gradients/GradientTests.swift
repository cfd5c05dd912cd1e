import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

/// Gradients against finite differences of the forward graph. The fourth-order formula with a step of 0.05 leaves an error
/// near 1e-5 from the step and 1e-5 from float32 sums near 1.
@Suite struct GradientTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let build: @Sendable (inout GraphBuilder, ValueID, ValueID) -> ValueID
  }

  private static func parameter(_ name: String, _ shape: [Int]) -> ParameterSpec { ParameterSpec(name: name, shape: shape) }

  /// Each takes a picture of 8 channels, 6x6, and a vector of 16 that does not depend on it.
  static let rules = [
    Rule(testDescription: "convolution") { graph, x, _ in graph.conv(x, "a", to: 5) },
    Rule(testDescription: "strided convolution") { graph, x, _ in graph.conv(x, "a", to: 5, stride: 2) },
    Rule(testDescription: "pointwise convolution") { graph, x, _ in graph.conv(x, "a", to: 3, kernel: 1) },
    Rule(testDescription: "silu") { graph, x, _ in graph.silu(x) },
    Rule(testDescription: "group norm, modulated, then silu") { graph, x, vector in
      let norm = graph.groupNorm(x, groups: 2, epsilon: 1e-5, weight: parameter("g", [8]), bias: parameter("b", [8]))
      return graph.conv(graph.silu(graph.modulate(norm, scaleShift: vector)), "a", to: 4)
    },
    Rule(testDescription: "two uses and a residual") { graph, x, _ in
      graph.add(graph.conv(graph.silu(graph.conv(x, "a", to: 8)), "b", to: 8), x)
    },
    Rule(testDescription: "halving and doubling") { graph, x, _ in
      graph.silu(graph.upsampleNearest2x(graph.silu(graph.averagePool2x2(graph.silu(x)))))
    },
    Rule(testDescription: "concatenation and slice") { graph, x, _ in
      graph.silu(graph.slice(graph.concatenate(graph.conv(x, "a", to: 4), x), channels: 2..<9))
    },
    Rule(testDescription: "attention, parts then heads") { graph, x, _ in
      graph.attention(graph.conv(x, "a", to: 24, kernel: 1), heads: 2, order: .partsThenHeads)
    },
    Rule(testDescription: "attention, heads then parts") { graph, x, _ in
      graph.attention(graph.conv(x, "a", to: 24, kernel: 1), heads: 2, order: .headsThenParts)
    },
    Rule(testDescription: "tokens and their mean") { graph, x, _ in
      graph.silu(graph.firstPixel(graph.silu(graph.tokenPool(x, positions: parameter("p", [8, 37])))))
    },
    Rule(testDescription: "mean of the pixels") { graph, x, _ in
      graph.meanOfPixels(graph.silu(graph.conv(x, "a", to: 6)))
    },
    // A square touches the corner without crossing it, where differences would be wrong.
    Rule(testDescription: "relu on either side of its corner") { graph, x, _ in
      let square = graph.multiply(x, x)
      return graph.concatenate(graph.relu(square), graph.relu(graph.scale(square, by: -1)))
    },
    Rule(testDescription: "product of two values") { graph, x, _ in
      graph.multiply(graph.conv(x, "a", to: 8), graph.silu(x))
    },
    Rule(testDescription: "vectors added, gates and factors") { graph, x, vector in
      let gate = graph.slice(vector, channels: 0..<8)
      return graph.silu(graph.scale(graph.multiply(graph.addVector(x, gate), gate), by: 1.7))
    },
  ]

  private func graph(_ rule: Rule) throws -> Graph {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 6, width: 6)
    let vector = graph.timestepEmbedding(graph.scalarInput("t"), width: 16, maxPeriod: 100, halfDivisor: 8)
    // Not the plain sum: every number of the result weighs differently.
    let result = graph.silu(graph.conv(rule.build(&graph, x, vector), "last", to: 2, kernel: 1))
    graph.output("y", result)
    return try graph.finish()
  }

  /// Throws unless the gradient of the sum of `output` agrees with differences at some places of every sample.
  private func check(_ forward: Graph, output: String, _ name: String) throws {
    let subject = try Subject(forward.gradient(of: output, withRespectTo: "x", named: "dx"))
    let count = 2
    let inputs = subject.inputs(count)
    let lane = try subject.lane(batch: count)
    let gradient = try #require(subject.run(lane, inputs, count: count)["dx"])
    let x = try #require(inputs["x"])
    let size = x.count / count
    for place in stride(from: 3, to: x.count, by: 37) {
      func sum(_ step: Float) throws -> Double {
        var moved = inputs
        moved["x"]?[place] += step
        let values = try #require(subject.run(lane, moved, count: count)[output])
        let own = values.count / count
        return values[place / size * own..<(place / size + 1) * own].reduce(0.0) { $0 + Double($1) }
      }
      let h: Float = 0.05
      let difference = try (8 * (sum(h) - sum(-h)) - (sum(2 * h) - sum(-2 * h))) / (12 * Double(h))
      #expect(abs(Double(gradient[place]) - difference) < 2e-3 + 2e-3 * abs(difference), "\(name) at \(place)")
    }
    #expect(gradient.contains { abs($0) > 1e-3 }, "\(name): the gradient is empty")
  }

  @Test(arguments: rules) func agreesWithDifferences(_ rule: Rule) throws {
    try check(graph(rule), output: "y", rule.testDescription)
  }

  /// Differences tell of a wrong formula; the reference device's formulas, in float64, of a wrong last digit.
  @Test(arguments: rules) func agreesWithTheReferenceDevice(_ rule: Rule) throws {
    let subject = try Subject(graph(rule).gradient(of: "y", withRespectTo: "x", named: "dx"))
    // Sums over up to 5 * 9 products and two layers of norms and attention above them, of numbers near 1.
    #expect(try subject.worstError() <= Tolerance.function(steps: 400))
  }

  @Test func theLogProbabilitysGradientAgreesWithDifferences() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 6, width: 6)
    let labels = graph.scalarInput("y")
    let pooled = graph.firstPixel(graph.tokenPool(graph.silu(x), positions: ParameterSpec(name: "p", shape: [8, 37])))
    graph.output("log_prob", graph.logProbability(graph.conv(pooled, "a", to: 10, kernel: 1), at: labels))
    try check(graph.finish(), output: "log_prob", "log probability")
  }

  @Test func aSamplesGradientDoesNotDependOnItsBatch() throws {
    let subject = try Subject(graph(Self.rules[4]).gradient(of: "y", withRespectTo: "x", named: "dx"))
    let inputs = subject.inputs(5)
    let whole = try subject.run(subject.lane(batch: 5), inputs, count: 5)
    for sample in 0..<5 {
      let one = try subject.run(subject.lane(batch: 1), Subject.slice(inputs, sample..<sample + 1, of: 5), count: 1)
      #expect(bits(one) == bits(Subject.slice(whole, sample..<sample + 1, of: 5)))
    }
  }

  @Test func weightsAreThoseOfTheForwardGraph() throws {
    let forward = try graph(Self.rules[0])
    let backward = try forward.gradient(of: "y", withRespectTo: "x", named: "dx")
    #expect(backward.parameters == forward.parameters)
  }

  @Test func whatHasNoGradientIsNamed() throws {
    let rule = Rule(testDescription: "max pool") { graph, x, _ in graph.maxPool2x2(x) }
    let error = try #require(throws: PlumbError.self) { try graph(rule).gradient(of: "y", withRespectTo: "x", named: "dx") }
    #expect("\(error)".contains("maxPool2x2") || "\(error)".lowercased().contains("max"), "\(error)")
    #expect(throws: PlumbError.self) { try graph(Self.rules[0]).gradient(of: "z", withRespectTo: "x", named: "dx") }
    #expect(throws: PlumbError.self) { try graph(Self.rules[0]).gradient(of: "y", withRespectTo: "t", named: "dx") }
  }
}
