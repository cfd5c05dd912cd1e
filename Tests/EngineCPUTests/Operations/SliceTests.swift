import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct SliceTests {
  @Test func slicesOfPicturesAndVectorsAreTheirChannels() throws {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 7, height: 3, width: 2)
    graph.output("middle", graph.slice(x, channels: 2..<5))
    graph.output("last", graph.slice(x, channels: 6..<7))
    let v = graph.embeddingTable(graph.scalarInput("y"), weight: ParameterSpec(name: "table", shape: [10, 6]))
    graph.output("half", graph.slice(v, channels: 3..<6))
    #expect(try Subject(graph.finish()).worstError(count: 3) == 0)
  }

  @Test(arguments: [4..<9, -1..<2, 3..<3]) func channelsThatAreNotThereAreRefused(_ channels: Range<Int>) {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 8, height: 2, width: 2)
    graph.output("out", graph.slice(x, channels: channels))
    #expect(throws: PlumbError.self) { try graph.finish() }
  }
}
