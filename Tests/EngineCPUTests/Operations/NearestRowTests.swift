import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct NearestRowTests {
  private func graph(rows: Int, channels: Int) throws -> Graph {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: channels, height: 4, width: 3)
    let nearest = graph.nearestRow(x, table: ParameterSpec(name: "codebook", shape: [rows, channels]))
    graph.output("rows", nearest.rows)
    graph.output("indices", nearest.indices)
    return try graph.finish()
  }

  @Test(arguments: [(1, 4), (16, 3), (300, 1), (40, 11)]) func everyPixelBecomesItsNearestRow(_ extents: (Int, Int)) throws {
    #expect(try Subject(graph(rows: extents.0, channels: extents.1)).worstError(count: 3) == 0)
  }

  @Test func theLowestOfEquallyNearRowsIsTaken() throws {
    let graph = try graph(rows: 4, channels: 1)
    var source = try TensorsInMemory(for: graph)
    source.tensors["codebook"] = try HostTensor(floats: [3, 1, -1, 1], shape: [4, 1])
    let lane = try CPUDevice().lane(of: graph, weights: source, batch: 1)
    let x: [Float] = [0, 2, 1, -1, 9, -9, 0.5, -0.5, 2.5, 1.5, .nan, .infinity]
    var found = [Float](repeating: 99, count: 12)
    try x.withUnsafeBufferPointer { x in
      try found.withUnsafeMutableBufferPointer { try lane.run(count: 1, inputs: ["x": x], outputs: ["indices": $0]) }
    }
    // What is near nothing takes the first row: an index is always one of the table's.
    #expect(found == [1, 0, 1, 2, 0, 2, 1, 2, 0, 1, 0, 0])
  }

  @Test func aCodebookOfAnotherWidthIsRefused() {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 3, height: 2, width: 2)
    graph.output("out", graph.nearestRow(x, table: ParameterSpec(name: "codebook", shape: [8, 4])).rows)
    #expect(throws: PlumbError.self) { try graph.finish() }
  }
}
