import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct NetworkWeightsTests {
  private func graph() throws -> Graph {
    var graph = GraphBuilder()
    graph.output("out", graph.norm(graph.conv(graph.imageInput("x", channels: 3, height: 4, width: 4), "conv", to: 8), "norm"))
    return try graph.finish()
  }

  private func refusal(_ change: (inout [String: HostTensor]) throws -> Void) throws -> String? {
    let graph = try graph()
    var source = try TensorsInMemory(for: graph)
    try change(&source.tensors)
    do {
      _ = try CPUDevice().compile(graph, batch: 1).load(source)
      return nil
    } catch let error as PlumbError {
      return error.description
    }
  }

  @Test func wrongWeightsAreNamed() throws {
    #expect(try refusal { _ in } == nil)
    #expect(try refusal { $0["conv.bias"] = nil }?.contains("conv.bias: tensor is missing") == true)
    #expect(
      try refusal { $0["norm.weight"] = try HostTensor(floats: [1, 2], shape: [2]) }
        == "norm.weight: tensor has the wrong shape; expected [8], found [2]")
    #expect(
      try refusal { $0["norm.weight"] = try HostTensor(integers: [Int64](repeating: 1, count: 8), shape: [8]) }?
        .contains("does not hold floats") == true)
  }

  @Test func widerAndNarrowerFloatsArePackedAsFloat32() throws {
    let graph = try graph()
    var source = try TensorsInMemory(for: graph)
    let subject = try Subject(graph)
    for (name, tensor) in source.tensors { source.tensors[name] = try HostTensor(doubles: tensor.doubles(), shape: tensor.shape) }
    let lane = try CPUDevice().lane(of: graph, weights: source, batch: 2)
    let inputs = subject.inputs(2)
    #expect(try bits(subject.run(lane, inputs, count: 2)) == bits(subject.run(subject.lane(batch: 2), inputs, count: 2)))
  }

  @Test func sizesAreKnownWithoutWeights() throws {
    let network = try CPUNetwork(graph(), batch: 16, on: CPUDevice())
    // Each rounded up to 16 floats: the convolution, 16 outputs at a time of 27 numbers and a bias, with 3 zeros; the norm's two.
    #expect(network.weightBytes == (464 + 16 + 16) * 4)
    // Input of 3 channels, result of 8, made in place by the norm, and the norm's scratch space of 7 * 8 floats.
    #expect(network.arenaBytes == (16 * 16 * 3 + 16 * 16 * 8) * 4)
    #expect(network.graph.flopsPerSample == 2 * 16 * 9 * 3 * 8)
  }
}
