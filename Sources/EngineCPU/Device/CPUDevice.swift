public import Basics
import CKernels
public import Engine

/// Our own kernels on the cores of this machine: the device every other is judged by.
///
/// The kernels fix the order of every sum and use fused multiply-adds on any machine, so results do not depend on the
/// instruction set. What the C library still decides (sines, exponentials and square roots of the conditioning, in float64)
/// shows in the probe.
public struct CPUDevice: Device {
  public let mode: NumericsMode
  package let operations: CPUOperations

  public init(mode: NumericsMode = .reference) { self.init(mode: mode, operations: .all) }

  package init(mode: NumericsMode = .reference, operations: CPUOperations) {
    self.mode = mode
    self.operations = operations
  }

  public var name: String { "cpu" }

  public var about: String {
    plumb_kernels_instruction_set() == plumb_avx2 ? "AVX2 and FMA" : "portable (slow: no AVX2 with FMA here)"
  }

  public func profile(furtherProbes: [String: Digest]) throws -> NumericsProfile {
    NumericsProfile(
      mode: mode, backend: "cpu-direct-\(EngineVersion.arithmetic)", dtype: .float32, arithmetic: "fused multiply-add",
      probe: try CPUProbe.shipped.get(), furtherProbes: furtherProbes)
  }

  public func compile(_ graph: Graph, batch: Int?) throws -> any CompiledNetwork {
    try CPUNetwork(graph, batch: batch ?? Self.batch(flopsPerSample: graph.flopsPerSample), on: self)
  }

  /// Enough samples in a call to make it about half a GFLOP, so that the cost of starting an operation does not show,
  /// but few for big networks, whose activations should stay near the cache, and one at a time for those whose pictures
  /// alone fill it.
  static func batch(flopsPerSample: Int) -> Int {
    if flopsPerSample > 40_000_000_000 { return 1 }
    var batch = 4
    while batch < 32 && batch * flopsPerSample < 500_000_000 { batch *= 2 }
    return batch
  }
}
