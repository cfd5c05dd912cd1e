import Basics
import Checkpoints

@testable import Engine

/// Numbers for tests that look random and are the same in every run (SplitMix64).
struct TestNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In [-1, 1).
  mutating func float() -> Float { Float(Int64(bits() >> 40)) / Float(1 << 23) - 1 }

  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// In `0..<limit`.
  mutating func index(_ limit: Int) -> Int { Int(bits() % UInt64(limit)) }
}

/// Tensors in memory.
struct TensorsInMemory: TensorSource {
  var tensors: [String: HostTensor]

  var entries: [TensorEntry] {
    tensors.sorted { $0.key < $1.key }.map { TensorEntry(name: $0.key, dtype: $0.value.dtype, shape: $0.value.shape) }
  }

  func read(_ name: String) throws -> HostTensor {
    guard let tensor = tensors[name] else { throw PlumbError("no such tensor", at: name) }
    return tensor
  }

  /// Small random numbers for everything `graph` wants.
  init(for graph: Graph, seed: UInt64 = 1) throws {
    var numbers = TestNumbers(seed: seed)
    tensors = [:]
    for parameter in graph.parameters {
      let count = parameter.shape.reduce(1, *)
      // Sums over the inputs stay near 1.
      let scale = 1 / Float(max(count / parameter.shape[0], 1)).squareRoot()
      tensors[parameter.name] = try HostTensor(floats: numbers.floats(count).map { $0 * scale }, shape: parameter.shape)
    }
  }
}

/// A graph with weights, and the means to run it on the engine and on the oracle.
struct Subject {
  let graph: Graph
  let source: TensorsInMemory
  let weights: NetworkWeights

  init(_ graph: Graph, seed: UInt64 = 1) throws {
    self.graph = graph
    source = try TensorsInMemory(for: graph, seed: seed)
    weights = try NetworkWeights(graph: graph, source: source, mode: .reference)
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

  func lane(batch: Int) throws -> Lane {
    try Lane(network: CompiledNetwork(graph: graph, batch: batch, mode: .reference), weights: weights)
  }

  /// All outputs of a run on `lane`.
  func run(_ lane: Lane, _ inputs: [String: [Float]], count: Int) throws -> [String: [Float]] {
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

  /// The oracle's outputs for the same samples.
  func expected(_ inputs: [String: [Float]], count: Int) -> [String: [Double]] {
    let oracle = Oracle(graph: graph, parameters: source.tensors)
    var all: [String: [Double]] = [:]
    for sample in 0..<count {
      let one = Self.slice(inputs, sample..<sample + 1, of: count)
      for (name, values) in oracle.outputs(one) { all[name, default: []] += values }
    }
    return all
  }

  /// Samples `range` of `count`.
  static func slice<Element>(_ values: [String: [Element]], _ range: Range<Int>, of count: Int) -> [String: [Element]] {
    values.mapValues { Array($0[$0.count / count * range.lowerBound..<$0.count / count * range.upperBound]) }
  }

  /// The largest |engine - oracle| over all outputs of `count` samples.
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

extension GraphBuilder {
  /// A convolution with weights called after `name`.
  mutating func conv(_ x: ValueID, _ name: String, to channels: Int, kernel: Int = 3, stride: Int = 1, bias: Bool = true) -> ValueID {
    let weight = ParameterSpec(name: name + ".weight", shape: [channels, shape(x).channels, kernel, kernel])
    return convolution(
      x, weight: weight, bias: bias ? ParameterSpec(name: name + ".bias", shape: [channels]) : nil, stride: stride, padding: kernel / 2)
  }

  mutating func norm(_ x: ValueID, _ name: String, groups: Int = 4, epsilon: Float = 1e-5) -> ValueID {
    let channels = shape(x).channels
    return groupNorm(
      x, groups: groups, epsilon: epsilon, weight: ParameterSpec(name: name + ".weight", shape: [channels]),
      bias: ParameterSpec(name: name + ".bias", shape: [channels]))
  }

  mutating func dense(_ x: ValueID, _ name: String, to width: Int, bias: Bool = true) -> ValueID {
    linear(
      x, weight: ParameterSpec(name: name + ".weight", shape: [width, shape(x).channels]),
      bias: bias ? ParameterSpec(name: name + ".bias", shape: [width]) : nil)
  }
}
