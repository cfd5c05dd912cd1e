import Basics
import Checkpoints
import Engine

/// Fixed numbers for the parameters and inputs of a probe.
struct ProbeNumbers: TensorSource {
  let graph: Graph

  var entries: [TensorEntry] { graph.parameters.map { TensorEntry(name: $0.name, dtype: .float32, shape: $0.shape) } }

  func read(_ name: String) throws -> HostTensor {
    guard let position = graph.parameters.firstIndex(where: { $0.name == name }) else { throw PlumbError("no such tensor", at: name) }
    let shape = graph.parameters[position].shape
    return try HostTensor(floats: Self.numbers(shape.reduce(1, *), seed: UInt64(100 + position)), shape: shape)
  }

  /// What an input is fed: pictures in [-1, 1), labels in turn, timesteps of all sizes.
  static func values(of input: Graph.Input, _ samples: Int, seed: UInt64) -> [Float] {
    if let labels = input.labels { return (0..<samples).map { Float(labels.lowerBound + $0 % labels.count) } }
    let times: [Float] = [0, 1, 53, 526.5, 999]
    if input.layout == .scalar { return (0..<samples).map { times[$0 % times.count] } }
    return numbers(samples * input.shape.count, seed: seed)
  }

  /// Numbers in [-1, 1) from a linear congruential generator (Knuth's MMIX constants).
  private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(state >> 40)) / Float(1 << 23) - 1
    }
  }
}
