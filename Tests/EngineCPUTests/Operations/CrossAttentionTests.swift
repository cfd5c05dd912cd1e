import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct CrossAttentionTests {
  /// Queries, tokens of the other sequence, heads, width of a head.
  static let cases = [(1, 1, 1, 1), (5, 1, 2, 8), (16, 7, 3, 5), (9, 33, 1, 40), (64, 77, 2, 16), (4, 3, 1, 1030)]

  @Test(arguments: cases, [AttentionScale.scores, .queriesAndKeys])
  func attentionToAnotherSequenceMatchesTheReference(_ extents: (Int, Int, Int, Int), _ scale: AttentionScale) throws {
    let (queries, tokens, heads, width) = extents
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: heads * width, height: queries, width: 1)
    let keys = graph.sequenceInput("keys", length: tokens, width: heads * width)
    let values = graph.sequenceInput("values", length: tokens, width: heads * width)
    graph.output("out", graph.attention(queries: x, keys: keys, values: values, heads: heads, scale: scale))
    // As for attention within a picture; scores of wide heads are sums of many products.
    let limit = Tolerance.sum(depth: width + tokens) + Tolerance.function(steps: 8)
    let subject = try Subject(graph.finish())
    #expect(try subject.worstError(count: 2) <= limit, "\(extents)")
    #expect(subject.graph.flopsPerSample == 4 * queries * tokens * heads * width)
  }

  @Test func attentionWithinAPictureHasTheBitsOfTheJoinedForm() throws {
    var graph = GraphBuilder()
    let qkv = graph.imageInput("x", channels: 3 * 24, height: 5, width: 4)
    let parts = (0..<3).map { graph.slice(qkv, channels: 24 * $0..<24 * ($0 + 1)) }
    graph.output("joined", graph.attention(qkv, heads: 2, order: .partsThenHeads))
    graph.output(
      "apart", graph.attention(queries: parts[0], keys: parts[1], values: parts[2], heads: 2, scale: .queriesAndKeys))
    let subject = try Subject(graph.finish())
    let found = try bits(subject.run(subject.lane(batch: 3), subject.inputs(3), count: 3))
    #expect(found["joined"] == found["apart"])
  }

  /// A class embedding is a sequence of one token, computed once for samples of one class.
  @Test func oneTokenGivesItsValueForEverySample() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 6, height: 3, width: 3)
    let token = graph.embeddingTable(graph.scalarInput("y"), weight: ParameterSpec(name: "classes", shape: [10, 6]))
    graph.output("out", graph.attention(queries: x, keys: token, values: token, heads: 2, scale: .scores))
    let subject = try Subject(graph.finish())
    var inputs = subject.inputs(3)
    #expect(try subject.worstError(count: 3, inputs: inputs) <= Tolerance.function(steps: 2))
    inputs["y"] = [4, 4, 4]
    #expect(try subject.worstError(count: 3, inputs: inputs) <= Tolerance.function(steps: 2))
  }

  /// 4096 tokens of 8 heads: all matrices of scores would be 512 MB.
  @Test func memoryGrowsWithTheTokensOnly() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 256, height: 64, width: 64)
    graph.output("out", graph.attention(queries: x, keys: x, values: x, heads: 8, scale: .scores))
    let network = try CPUNetwork(graph.finish(), batch: 1, on: CPUDevice())
    #expect(network.arenaBytes < 16 << 20)
  }

  @Test func operandsThatDoNotFitAreRefused() {
    func build(keys: Int, values: Int, heads: Int) throws {
      var graph = GraphBuilder()
      let x = graph.imageInput("x", channels: 8, height: 2, width: 2)
      let k = graph.sequenceInput("k", length: 3, width: keys)
      let v = graph.sequenceInput("v", length: 3, width: values)
      graph.output("out", graph.attention(queries: x, keys: k, values: v, heads: heads, scale: .scores))
      _ = try graph.finish()
    }
    #expect(throws: PlumbError.self) { try build(keys: 6, values: 6, heads: 1) }
    #expect(throws: PlumbError.self) { try build(keys: 8, values: 6, heads: 1) }
    #expect(throws: PlumbError.self) { try build(keys: 8, values: 8, heads: 3) }
    #expect(throws: Never.self) { try build(keys: 8, values: 8, heads: 4) }
  }
}
