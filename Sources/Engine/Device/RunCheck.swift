import Basics

/// What a lane of any device checks before it runs, so that wrong buffers are told in the same words everywhere.
package struct RunCheck: Sendable {
  private let inputs: [Graph.Input]
  private let outputs: [Graph.Output]
  private let batch: Int

  /// Most samples a network may be compiled for.
  package static let batchLimit = 1 << 16

  /// Throws when `batch` is out of range.
  package init(_ graph: Graph, batch: Int) throws {
    guard (1...Self.batchLimit).contains(batch) else {
      throw PlumbError("batch is out of range", kind: .input, expected: "1 to \(Self.batchLimit)", found: "\(batch)")
    }
    inputs = graph.inputs
    outputs = graph.outputs
    self.batch = batch
  }

  /// Throws unless every input is there with `count` samples, labels are classes, and outputs exist and have room.
  package func check(
    count: Int, inputs feeds: [String: UnsafeBufferPointer<Float>], outputs results: [String: UnsafeMutableBufferPointer<Float>]
  ) throws {
    guard (1...batch).contains(count) else {
      throw PlumbError("number of samples is out of range", kind: .input, expected: "1 to \(batch)", found: "\(count)")
    }
    for output in outputs {
      guard let buffer = results[output.name], buffer.count < count * output.shape.count else { continue }
      throw PlumbError(
        "output is too short", kind: .input, at: output.name, expected: "\(count * output.shape.count) floats", found: "\(buffer.count)")
    }
    for name in results.keys where !outputs.contains(where: { $0.name == name }) {
      throw PlumbError("the network has no such output", kind: .input, at: name)
    }
    for input in inputs {
      guard let buffer = feeds[input.name], buffer.count >= count * input.shape.count else {
        let found = feeds[input.name].map { "\($0.count)" } ?? "none"
        throw PlumbError(
          "input is missing or too short", kind: .input, at: input.name, expected: "\(count * input.shape.count) floats", found: found)
      }
      if let labels = input.labels { try check(labels: buffer, count, input.name, labels) }
    }
  }

  private func check(labels fed: UnsafeBufferPointer<Float>, _ count: Int, _ name: String, _ labels: Range<Int>) throws {
    for sample in 0..<count where Int(exactly: fed[sample]).map({ !labels.contains($0) }) ?? true {
      throw PlumbError(
        "label is not a class", kind: .input, at: "\(name)[\(sample)]",
        expected: "a whole number from \(labels.lowerBound) to \(labels.upperBound - 1)", found: "\(fed[sample])")
    }
  }
}
