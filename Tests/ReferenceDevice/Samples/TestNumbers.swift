import Basics
import Checkpoints
import Engine

/// Numbers for tests that look random and are the same in every run (SplitMix64).
package struct TestNumbers {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In [-1, 1).
  package mutating func float() -> Float { Float(Int64(bits() >> 40)) / Float(1 << 23) - 1 }

  package mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// In `0..<limit`.
  package mutating func index(_ limit: Int) -> Int { Int(bits() % UInt64(limit)) }
}

/// Tensors in memory.
package struct TensorsInMemory: TensorSource {
  package var tensors: [String: HostTensor]

  package var entries: [TensorEntry] {
    tensors.sorted { $0.key < $1.key }.map { TensorEntry(name: $0.key, dtype: $0.value.dtype, shape: $0.value.shape) }
  }

  package func read(_ name: String) throws -> HostTensor {
    guard let tensor = tensors[name] else { throw PlumbError("no such tensor", at: name) }
    return tensor
  }

  /// Small random numbers for everything `graph` wants.
  package init(for graph: Graph, seed: UInt64 = 1) throws {
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
