package import Basics
import Checkpoints
package import Engine

/// A fixed run of every kernel of a table, on fixed numbers; its bits stand for the machine's. Each operation says beside its
/// kernel how it is used (`CPUOperation.probe`), so none can be left out.
package enum CPUProbe {
  /// Of the shipped table: a fact of this machine. Takes a few milliseconds.
  package static let shipped = Result { try digest(of: .all) }

  package static func digest(of operations: CPUOperations) throws -> Digest {
    var digester = Digester()
    for type in operations.types {
      for result in try results(of: type, among: operations) { result.withUnsafeBytes { digester.update($0) } }
    }
    return digester.finish()
  }

  /// Samples of a run: some share a tile of a kernel, one is left over.
  static let samples = 5

  /// The graph of an operation's probe.
  package static func graph(of type: any CPUOperation.Type) throws -> Graph {
    var builder = GraphBuilder()
    for (index, value) in type.probe(&builder).enumerated() { builder.output("\(index)", value) }
    return try builder.finish()
  }

  private static func results(of type: any CPUOperation.Type, among operations: CPUOperations) throws -> [[Float]] {
    let graph = try graph(of: type)
    let network = try CPUNetwork(graph, batch: samples, on: CPUDevice(operations: operations))
    let lane = try CPULane(network: network, weights: CPUWeights(network, source: ProbeNumbers(graph: graph)))
    // Buffers rather than arrays, whose addresses do not outlive a closure.
    let feeds = graph.inputs.enumerated().map { seed, input in
      (input.name, copy(ProbeNumbers.values(of: input, samples, seed: UInt64(seed + 1))))
    }
    let results = graph.outputs.map { ($0.name, copy([Float](repeating: 0, count: samples * $0.shape.count))) }
    defer { for (_, buffer) in feeds + results { buffer.deallocate() } }
    try lane.run(
      count: samples, inputs: Dictionary(uniqueKeysWithValues: feeds.map { ($0, UnsafeBufferPointer($1)) }),
      outputs: Dictionary(uniqueKeysWithValues: results))
    return results.map { Array($1) }
  }

  private static func copy(_ values: [Float]) -> UnsafeMutableBufferPointer<Float> {
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
    _ = buffer.initialize(from: values)
    return buffer
  }
}

extension GraphBuilder {
  /// A vector for a probe.
  mutating func probeVector(_ name: String, _ width: Int) -> ValueID { flattenCHW(imageInput(name, channels: width, height: 1, width: 1)) }
}
