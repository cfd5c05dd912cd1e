import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

/// What a transformer needs of pictures besides its layers.
@Suite struct TokenTests {
  @Test(arguments: [1, 2, 3]) func everyPixelBecomesASquare(patch: Int) throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: patch * patch * 5, height: 3, width: 4)
    graph.output("out", graph.unpatchify(x, patch: patch, channels: 5))
    #expect(try Subject(graph.finish()).worstError(count: 3) == 0)
  }

  /// Row in the patch, column in the patch, channel, the last the fastest.
  @Test func aPatchHoldsRowsOfColumnsOfChannels() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 1, width: 2)
    graph.output("out", graph.unpatchify(x, patch: 2, channels: 2))
    let reference = ReferenceEvaluation(graph: try graph.finish(), parameters: [:])
    // As fed, channels first: token 0 is 0, 2, 4, …, 14, token 1 is 1, 3, 5, …, 15.
    let found = try #require(reference.outputs(["x": (0..<16).map { Float($0) }])["out"])
    #expect(found == [0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15])
  }

  @Test(arguments: [(2, 4), (0, 12), (65, 1), (2, 0), (.max, 2)]) func channelsThatMakeNoPatchesAreRefused(patch: Int, channels: Int) {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 12, height: 2, width: 2)
    graph.output("out", graph.unpatchify(x, patch: patch, channels: channels))
    #expect(throws: PlumbError.self) { try graph.finish() }
  }

  @Test func aParameterIsAddedToEverySample() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 7, height: 3, width: 5)
    graph.output("out", graph.addParameter(x, ParameterSpec(name: "place", shape: [1, 15, 7])))
    #expect(try Subject(graph.finish()).worstError(count: 3) < 1e-6)
  }

  @Test(arguments: [[15, 7], [1, 7, 15], [2, 15, 7]]) func aParameterOfAnotherShapeIsRefused(shape: [Int]) {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 7, height: 3, width: 5)
    graph.output("out", graph.addParameter(x, ParameterSpec(name: "place", shape: shape)))
    #expect(#expect(throws: PlumbError.self) { try graph.finish() }?.place?.contains("place") == true)
  }

  /// One of the vectors depends on the picture, the other, when times are equal, is a single row.
  @Test func vectorsOfScalarsAndOfPicturesAreJoined() throws {
    var graph = GraphBuilder()
    let flat = graph.flattenCHW(graph.imageInput("x", channels: 2, height: 1, width: 2))
    let time = graph.timestepEmbedding(graph.scalarInput("t"), width: 6, maxPeriod: 10000, halfDivisor: 3)
    graph.output("after", graph.concatenate(flat, time))
    graph.output("before", graph.concatenate(time, flat))
    graph.output("twice", graph.concatenate(time, time))
    let subject = try Subject(graph.finish())
    for times: [Float] in [[4, 4, 4], [4, 0, 9]] {
      let inputs = subject.inputs(3).merging(["t": times]) { $1 }
      #expect(try subject.worstError(count: 3, inputs: inputs) < 1e-5, "\(times)")
    }
  }
}
