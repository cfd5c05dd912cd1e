import Basics
package import Checkpoints
package import Engine

/// A graph made ready to run on the CPU for one batch size: merged operations and a place in memory for every value.
package struct CPUNetwork: CompiledNetwork {
  package let graph: Graph
  package let batch: Int
  let mode: NumericsMode
  /// The graph after all passes.
  package let merged: Graph
  let plan: MemoryPlan
  /// Whether a node depends on scalar inputs only: its rows are equal when those of the inputs are.
  let isConditioning: [Bool]
  let weightLayout: WeightLayout
  let check: RunCheck

  /// Bytes of the one arena a lane allocates.
  package var arenaBytes: Int { plan.byteCount }
  /// Bytes of the packed weights.
  package var weightBytes: Int { weightLayout.byteCount }

  /// Runs the passes and plans the memory. Throws when `batch` is out of range, the graph is unsound, or an operation is not
  /// in the device's table.
  package init(_ graph: Graph, batch: Int, on device: CPUDevice) throws {
    check = try RunCheck(graph, batch: batch)
    try GraphVerifier.verify(graph)
    for node in graph.nodes where !node.isInput && !device.operations.contains(node.operation) {
      throw PlumbError.noKernel(for: node.operation, on: device)
    }
    self.graph = graph
    self.batch = batch
    mode = device.mode
    merged = try Fusion.apply(graph)
    plan = try MemoryPlan(graph: merged, batch: batch)
    weightLayout = WeightLayout(graph: merged)
    var conditioning: [Bool] = []
    for node in merged.nodes {
      if let input = node.operation as? GraphInput {
        conditioning.append(input.layout == .scalar)
      } else {
        conditioning.append(node.inputs.allSatisfy { conditioning[$0.index] })
      }
    }
    isConditioning = conditioning
  }

  /// The value of a node of the merged graph in a lane's arena.
  func operand(_ position: Int) -> Operand {
    Operand(offset: plan.values[position].offset, count: merged.nodes[position].shape.count, isConditioning: isConditioning[position])
  }

  package func load(_ source: any TensorSource) throws -> any LoadedNetwork {
    LoadedCPUNetwork(compiled: self, weights: try CPUWeights(self, source: source))
  }
}

/// A compiled network with its packed weights.
struct LoadedCPUNetwork: LoadedNetwork {
  let compiled: CPUNetwork
  let weights: CPUWeights

  var network: any CompiledNetwork { compiled }

  func makeLane() throws -> any Lane { try CPULane(network: compiled, weights: weights) }
}
