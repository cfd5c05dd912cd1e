import Basics
import Engine
import EngineCPU
import ReferenceDevice
import Testing

@Suite struct LaneTests {
  @Test(arguments: 1...8) func randomNetworksMatchTheReference(seed: Int) throws {
    let subject = try Subject(RandomGraph.make(seed: UInt64(seed), length: 12))
    let count = 2
    let inputs = subject.inputs(count)
    let found = try subject.run(subject.lane(batch: 3), inputs, count: count)
    let expected = subject.expected(inputs, count: count)
    #expect(found.mapValues(\.count) == expected.mapValues(\.count) && !expected.isEmpty)
    for (name, wanted) in expected {
      let scale = wanted.map(abs).max() ?? 0
      #expect(scale > 0, "\(name) says nothing")
      for (x, y) in zip(found[name] ?? [], wanted) {
        // Thirty layers in a row, each within a few hundred units of its scale, norms amplifying by a few.
        #expect(abs(Double(x) - y) <= Tolerance.function(steps: 3000, magnitude: max(scale, 1)))
      }
    }
  }

  private func subject() throws -> Subject {
    var graph = GraphBuilder()
    let x = graph.imageInput("x", channels: 2, height: 4, width: 4)
    let y = graph.embeddingTable(graph.scalarInput("labels"), weight: ParameterSpec(name: "table", shape: [5, 2]))
    graph.output("out", graph.addVector(x, y))
    graph.output("scalar", graph.scalarInput("t"))
    return try Subject(graph.finish())
  }

  private func refusal(_ subject: Subject, _ inputs: [String: [Float]], count: Int, on device: any Device) throws -> String? {
    let lane = try device.lane(of: subject.graph, weights: subject.source, batch: 3)
    do {
      _ = try subject.run(lane, inputs, count: count)
      return nil
    } catch let error as PlumbError {
      return error.description
    }
  }

  @Test func inputsAreCheckedBeforeRunning() throws {
    for device in [CPUDevice(), ReferenceDevice()] as [any Device] { try inputsAreChecked(on: device) }
  }

  private func inputsAreChecked(on device: any Device) throws {
    let subject = try subject()
    var inputs = subject.inputs(2)
    inputs["labels"] = [0, 4]
    #expect(try refusal(subject, inputs, count: 2, on: device) == nil)
    #expect(try refusal(subject, inputs, count: 4, on: device)?.contains("expected 1 to 3, found 4") == true)
    #expect(try refusal(subject, inputs, count: 0, on: device)?.contains("found 0") == true)
    #expect(try refusal(subject, inputs, count: 3, on: device)?.contains("too short") == true)
    for label in [Float(5), -1, 0.5, .nan, .infinity] {
      inputs["labels"] = [0, label]
      #expect(
        try refusal(subject, inputs, count: 2, on: device)?.contains("labels[1]: label is not a class; expected a whole number from 0 to 4")
          == true)
    }
    inputs["labels"] = nil
    #expect(try refusal(subject, inputs, count: 2, on: device)?.contains("labels: input is missing") == true)
  }

  @Test func scalarsCanBeHandedOut() throws {
    let subject = try subject()
    let inputs: [String: [Float]] = ["x": [Float](repeating: 0, count: 64), "labels": [1, 1], "t": [7, 7]]
    #expect(try subject.run(subject.lane(batch: 2), inputs, count: 2)["scalar"] == [7, 7])
  }

  @Test func weightsOfAnotherNetworkAreRefused() throws {
    let network = try subject().network
    let other = try Subject(RandomGraph.make(seed: 1))
    #expect(throws: PlumbError.self) { try CPULane(network: network, weights: other.weights) }
  }
}
