import Basics
import Checkpoints
import Engine
import EngineCPU
import ReferenceDevice

/// A graph with weights, and the means to run it on the CPU and on the reference device.
struct Subject {
  let graph: Graph
  let source: TensorsInMemory
  let network: CPUNetwork
  let weights: CPUWeights

  init(_ graph: Graph, seed: UInt64 = 1) throws {
    self.graph = graph
    source = try TensorsInMemory(for: graph, seed: seed)
    network = try CPUNetwork(graph, batch: 1, on: CPUDevice())
    weights = try CPUWeights(network, source: source)
  }

  /// `count` samples for every input; scalars are whole numbers below 10.
  func inputs(_ count: Int, seed: UInt64 = 7) -> [String: [Float]] {
    var numbers = TestNumbers(seed: seed)
    return Dictionary(
      uniqueKeysWithValues: graph.inputs.map { input in
        let floats = numbers.floats(count * input.shape.count)
        return (input.name, input.shape == .scalar ? floats.map { ($0 * 5 + 5).rounded(.down) } : floats)
      })
  }

  /// A lane over the weights, which are packed once.
  func lane(batch: Int) throws -> any Lane {
    try CPULane(network: CPUNetwork(graph, batch: batch, on: CPUDevice()), weights: weights)
  }

  /// All outputs of a run on `lane`.
  func run(_ lane: any Lane, _ inputs: [String: [Float]], count: Int) throws -> [String: [Float]] {
    var outputs: [String: UnsafeMutableBufferPointer<Float>] = [:]
    for output in graph.outputs {
      outputs[output.name] = .allocate(capacity: count * output.shape.count)
      outputs[output.name]?.initialize(repeating: .nan)
    }
    var feeds: [String: UnsafeBufferPointer<Float>] = [:]
    for (name, floats) in inputs {
      let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: floats.count)
      _ = copy.initialize(from: floats)
      feeds[name] = UnsafeBufferPointer(copy)
    }
    defer {
      for buffer in outputs.values { buffer.deallocate() }
      for buffer in feeds.values { buffer.deallocate() }
    }
    try lane.run(count: count, inputs: feeds, outputs: outputs)
    return outputs.mapValues(Array.init)
  }

  /// The reference device's outputs for the same samples, in float64.
  func expected(_ inputs: [String: [Float]], count: Int) -> [String: [Double]] {
    let reference = ReferenceEvaluation(graph: graph, parameters: source.tensors.mapValues { $0.doubles() })
    var all: [String: [Double]] = [:]
    for sample in 0..<count {
      let one = Self.slice(inputs, sample..<sample + 1, of: count)
      for (name, values) in reference.outputs(one) { all[name, default: []] += values }
    }
    return all
  }

  /// Samples `range` of `count`.
  static func slice<Element>(_ values: [String: [Element]], _ range: Range<Int>, of count: Int) -> [String: [Element]] {
    values.mapValues { Array($0[$0.count / count * range.lowerBound..<$0.count / count * range.upperBound]) }
  }

  /// The largest |engine - reference| over all outputs of `count` samples.
  func worstError(count: Int = 2, inputs given: [String: [Float]]? = nil) throws -> Double {
    let inputs = given ?? inputs(count)
    let found = try run(lane(batch: count), inputs, count: count)
    var worst = 0.0
    for (name, wanted) in expected(inputs, count: count) {
      for (x, y) in zip(found[name] ?? [], wanted) {
        let error = abs(Double(x) - y)
        worst = error.isNaN ? .infinity : max(worst, error)
      }
      if found[name]?.count != wanted.count { worst = .infinity }
    }
    return worst
  }
}

func bits(_ outputs: [String: [Float]]) -> [String: [UInt32]] { outputs.mapValues { $0.map(\.bitPattern) } }
